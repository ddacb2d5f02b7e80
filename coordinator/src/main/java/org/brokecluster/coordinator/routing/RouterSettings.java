package org.brokecluster.coordinator.routing;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.brokecluster.coordinator.routing.demand.DemandSettings;
import org.brokecluster.coordinator.routing.parameters.ParameterSettings;
import org.brokecluster.coordinator.routing.placement.PlacementSettings;
import org.brokecluster.coordinator.routing.prefix.PrefixSettings;
import org.brokecluster.coordinator.routing.queue.QueueSettings;
import org.brokecluster.coordinator.routing.retry.RetrySettings;
import org.brokecluster.coordinator.routing.room.RoomSettings;
import org.brokecluster.coordinator.routing.scorer.Strategies;
import org.brokecluster.coordinator.routing.scorer.Tuning;
import org.brokecluster.coordinator.routing.scorer.Weights;
import org.brokecluster.shared.config.SettingsReader;
import org.brokecluster.shared.hardware.ModelFamily;

/**
 * The {@code broke.router} section.
 *
 * @param strategy strategy for requests that name none
 * @param strategies own mixes of weights, by name
 * @param aliases other names for models, tiers or {@code auto}
 * @param fallbacks what else may answer where a model or tier cannot, in turn, by its name
 * @param preferredQuantization format that a model's name without one means, such as {@code 4bit}
 * @param tuning figures of the predictions and of the tiers
 * @param queue how requests wait
 * @param prefix what is known of prompt caches
 * @param demand how long it is remembered what models were asked for
 * @param placement what is planned of loading and unloading models
 * @param room how many answers may be made at once
 * @param retries how many retries the cluster affords
 * @param learned what is learned from answers and ratings
 * @param roles what agents of a role get
 * @param parameters what is filled in where clients left it open
 * @param maxWaitForBetter longest wait for a busy candidate while a free one could answer
 * @param noNodeGrace how long a request waits for a first node before it is refused
 * @param joinGrace how long a request waits for a machine that is joining before it is refused
 * @param refusalBackoff how long a place is left alone after its node refused a ticket
 * @param breaker when a place is left alone after failures
 * @param explainSize recent decisions kept for explanations
 * @param explainCandidates candidates kept in all those decisions together
 * @param tick interval of the router's clock
 * @param termTimeout longest wait for the other coordinators when a term is taken
 * @param stashSize messages kept while the term is taken
 */
public record RouterSettings(
    String strategy,
    Map<String, Weights> strategies,
    Map<String, String> aliases,
    Map<String, List<String>> fallbacks,
    String preferredQuantization,
    Tuning tuning,
    QueueSettings queue,
    PrefixSettings prefix,
    DemandSettings demand,
    PlacementSettings placement,
    RoomSettings room,
    RetrySettings retries,
    LearnedSettings learned,
    RoleSettings roles,
    ParameterSettings parameters,
    Duration maxWaitForBetter,
    Duration noNodeGrace,
    Duration joinGrace,
    Duration refusalBackoff,
    BreakerSettings breaker,
    int explainSize,
    int explainCandidates,
    Duration tick,
    Duration termTimeout,
    int stashSize) {
  /** What a running router takes over from a changed configuration. */
  public static final List<String> LIVE_KEYS =
      List.of("broke.router.strategies", "broke.router.strategy");

  private static final String ROOT = "broke.router.";
  private static final int STRATEGIES_MAX = 100;
  private static final int FALLBACKS_MAX = 8;

  /** Copies the maps. */
  public RouterSettings {
    strategies = Map.copyOf(strategies);
    aliases = Map.copyOf(aliases);
    fallbacks = Map.copyOf(fallbacks);
  }

  /** Reads the section. */
  public static RouterSettings from(SettingsReader reader) {
    var strategies = readStrategies(reader);
    return new RouterSettings(
        readStrategy(reader, strategies),
        strategies,
        readAliases(reader),
        readFallbacks(reader),
        ModelFamily.preferredFormat(reader),
        readTuning(reader),
        QueueSettings.from(reader),
        PrefixSettings.from(reader),
        DemandSettings.from(reader),
        PlacementSettings.from(reader),
        RoomSettings.from(reader),
        RetrySettings.from(reader),
        LearnedSettings.from(reader),
        RoleSettings.from(reader, Strategies.of(strategies, Strategies.plugins())),
        ParameterSettings.from(reader),
        time(reader, "max-wait-for-better", 0, 3_600_000),
        time(reader, "no-node-grace", 0, 60_000),
        time(reader, "join-grace", 0, 600_000),
        time(reader, "refusal-backoff", 10, 60_000),
        BreakerSettings.from(reader),
        reader.integer(ROOT + "explain-size", 100, 1_000_000),
        reader.integer(ROOT + "explain-candidates", 0, 10_000_000),
        time(reader, "tick", 10, 5_000),
        time(reader, "term-timeout", 100, 60_000),
        reader.integer(ROOT + "stash-size", 1, 1_000_000));
  }

  /** Whether the strategies and the choice among them are the same. */
  public boolean choosesAs(RouterSettings other) {
    return strategy.equals(other.strategy) && strategies.equals(other.strategies);
  }

  private static Duration time(SettingsReader reader, String key, long minMs, long maxMs) {
    return reader.duration(ROOT + key, Duration.ofMillis(minMs), Duration.ofMillis(maxMs));
  }

  private static String readStrategy(SettingsReader reader, Map<String, Weights> configured) {
    var name = reader.text(ROOT + "strategy");
    var known = Strategies.of(configured, Strategies.plugins());
    if (known.find(name).isEmpty()) {
      reader.problem(ROOT + "strategy", "no such strategy: " + name + ", known: " + known.names());
    }
    return name;
  }

  private static Map<String, Weights> readStrategies(SettingsReader reader) {
    var strategies = new TreeMap<String, Weights>();
    if (reader.entries(ROOT + "strategies").size() > STRATEGIES_MAX) {
      reader.problem(ROOT + "strategies", "must be at most " + STRATEGIES_MAX);
      return strategies;
    }
    for (var name : reader.entries(ROOT + "strategies")) {
      var key = ROOT + "strategies.\"" + name + "\"";
      var given = new LinkedHashMap<String, Double>();
      for (var term : reader.entries(key)) {
        given.put(term, reader.number(key + ".\"" + term + "\"", 0, 1_000));
      }
      try {
        strategies.put(name, Weights.of(given));
      } catch (IllegalArgumentException e) {
        reader.problem(key, String.valueOf(e.getMessage()));
      }
    }
    return strategies;
  }

  private static Map<String, String> readAliases(SettingsReader reader) {
    var aliases = new TreeMap<String, String>();
    for (var name : reader.entries(ROOT + "aliases")) {
      aliases.put(name, reader.text(ROOT + "aliases.\"" + name + "\""));
    }
    return aliases;
  }

  private static Map<String, List<String>> readFallbacks(SettingsReader reader) {
    var fallbacks = new TreeMap<String, List<String>>();
    for (var name : reader.entries(ROOT + "fallbacks")) {
      var key = ROOT + "fallbacks.\"" + name + "\"";
      var others = reader.texts(key);
      if (others.size() > FALLBACKS_MAX) {
        reader.problem(key, "must be at most " + FALLBACKS_MAX);
      }
      if (others.contains(name)) {
        reader.problem(key, "must not name itself");
      }
      fallbacks.put(name, others);
    }
    return fallbacks;
  }

  private static Tuning readTuning(SettingsReader reader) {
    double balanced = reader.number(ROOT + "tiers.balanced-from", 0, 1);
    double premium = reader.number(ROOT + "tiers.premium-from", 0, 1);
    if (balanced > premium) {
      reader.problem(ROOT + "tiers.premium-from", "must not be below balanced-from");
      premium = balanced;
    }
    return new Tuning(
        balanced,
        premium,
        reader
            .duration(ROOT + "speed-reference", Duration.ofMillis(100), Duration.ofHours(1))
            .toMillis(),
        reader.number(ROOT + "stream-slowdown", 0, 4));
  }
}
