package org.brokecluster.coordinator.routing.queue;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.brokecluster.protocol.router.TrafficClass;
import org.brokecluster.shared.config.SettingsReader;

/**
 * How requests wait: {@code broke.router.queue-size} and the section {@code broke.router.queue}.
 *
 * @param size requests that may wait in all
 * @param perNode requests that may wait for one node
 * @param perModel requests that may wait for one model
 * @param shares weights of users by name, above 0; others have 1
 * @param usersMax users remembered
 * @param shorterFirst how much shortness counts against turns: a person's request lets shorter ones
 *     of other people go before it, up to so many times its own cost; 0 for turns alone
 * @param ageing wait after which a request takes part in the turn of the oldest
 * @param ageingUnwatched the same for requests of agents and batches
 * @param oldestEvery while somebody has waited that long, one of so many places goes to the oldest
 * @param oldestEveryUnwatched the same while only requests of agents and batches have waited so
 *     long
 * @param overtakenMost how often a request that needs a model loaded in place of others may be
 *     overtaken by requests for those
 * @param overtakenFor and for how long
 */
public record QueueSettings(
    int size,
    int perNode,
    int perModel,
    Map<String, Double> shares,
    int usersMax,
    double shorterFirst,
    Duration ageing,
    Duration ageingUnwatched,
    int oldestEvery,
    int oldestEveryUnwatched,
    int overtakenMost,
    Duration overtakenFor) {
  private static final String ROOT = "broke.router.queue.";
  private static final int BOUND_MAX = 100_000;
  private static final double SHARE_MIN = 0.01;
  private static final double SHARE_MAX = 100;

  /** Copies the map. */
  public QueueSettings {
    shares = Map.copyOf(shares);
  }

  /** Reads and checks the section. */
  public static QueueSettings from(SettingsReader reader) {
    var hour = Duration.ofHours(1);
    int size = reader.integer("broke.router.queue-size", 0, BOUND_MAX);
    int perNode = reader.integer(ROOT + "per-node", 0, BOUND_MAX);
    int perModel = reader.integer(ROOT + "per-model", 0, BOUND_MAX);
    return new QueueSettings(
        size,
        perNode == 0 ? Integer.MAX_VALUE : perNode,
        perModel == 0 ? Integer.MAX_VALUE : perModel,
        shares(reader),
        reader.integer(ROOT + "users-max", 10, BOUND_MAX),
        reader.number(ROOT + "shorter-first", 0, 1_000),
        reader.duration(ROOT + "ageing", Duration.ofMillis(100), hour),
        reader.duration(ROOT + "ageing-unwatched", Duration.ofMillis(100), hour),
        reader.integer(ROOT + "oldest-every", 1, 1_000),
        reader.integer(ROOT + "oldest-every-unwatched", 1, 1_000),
        reader.integer(ROOT + "overtaken-most", 0, 10_000),
        reader.duration(ROOT + "overtaken-for", Duration.ZERO, hour));
  }

  /** Wait after which a request of this class takes part in the turn of the oldest. */
  public Duration ageing(TrafficClass trafficClass) {
    return switch (trafficClass) {
      case INTERACTIVE -> ageing;
      case AGENT, BATCH -> ageingUnwatched;
    };
  }

  /** One of so many places goes to the oldest while requests of this class have waited for long. */
  public int oldestEvery(TrafficClass trafficClass) {
    return switch (trafficClass) {
      case INTERACTIVE -> oldestEvery;
      case AGENT, BATCH -> oldestEveryUnwatched;
    };
  }

  /** How much shortness counts against turns in this class: agents are ordered by caches. */
  double shorterFirst(TrafficClass trafficClass) {
    return switch (trafficClass) {
      case INTERACTIVE -> shorterFirst;
      case AGENT, BATCH -> 0;
    };
  }

  private static Map<String, Double> shares(SettingsReader reader) {
    var shares = new TreeMap<String, Double>();
    for (var user : reader.entries(ROOT + "shares")) {
      shares.put(user, reader.number(ROOT + "shares.\"" + user + "\"", SHARE_MIN, SHARE_MAX));
    }
    return shares;
  }
}
