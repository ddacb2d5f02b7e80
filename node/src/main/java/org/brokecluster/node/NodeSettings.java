package org.brokecluster.node;

import java.time.Duration;
import org.brokecluster.node.attempt.StreamSettings;
import org.brokecluster.node.away.AwaySettings;
import org.brokecluster.node.models.PoolSettings;
import org.brokecluster.node.pull.PullSettings;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.shared.config.SettingsReader;

/**
 * The {@code broke.node} section but for what the runtimes read themselves.
 *
 * @param beatInterval time between two beats to each edge with open attempts
 * @param edgeSilence an edge not heard for longer has its attempts cancelled
 * @param lateTick time by which a beat may come late before the node takes itself to have slept
 * @param readyInterval time between two offers to an edge that sends no prompt
 * @param reportInterval time by which changes gather before the others are told
 * @param tombstones ended and cancelled attempts remembered
 * @param machineInterval time between two looks at memory pressure, power and heat
 * @param speedsInterval shortest time between two writes of the measured speeds
 * @param speedsMax models whose speeds are kept
 * @param drainLimit time that running attempts get to finish when the host stops
 * @param drainTime when a node is drained, answers that would take longer go on elsewhere
 * @param away when the machine had better not work
 * @param stream bounds of one attempt
 * @param pool how models are looked after
 * @param pull how models are fetched
 */
public record NodeSettings(
    Duration beatInterval,
    Duration edgeSilence,
    Duration lateTick,
    Duration readyInterval,
    Duration reportInterval,
    int tombstones,
    Duration machineInterval,
    Duration speedsInterval,
    int speedsMax,
    Duration drainLimit,
    Duration drainTime,
    AwaySettings away,
    StreamSettings stream,
    PoolSettings pool,
    PullSettings pull) {

  /** Reads and checks the section. */
  public static NodeSettings from(SettingsReader reader) {
    return new NodeSettings(
        reader.duration("broke.node.beat-interval", Duration.ofMillis(50), Duration.ofSeconds(5)),
        reader.duration("broke.node.edge-silence", Duration.ofSeconds(1), Duration.ofMinutes(10)),
        reader.duration("broke.node.late-tick", Duration.ofMillis(200), Duration.ofMinutes(1)),
        reader.duration("broke.node.ready-interval", Duration.ofMillis(100), Duration.ofMinutes(1)),
        reader.duration("broke.node.report-interval", Duration.ofMillis(1), Duration.ofSeconds(5)),
        reader.integer("broke.node.tombstones", 16, 1_000_000),
        reader.duration("broke.node.machine-interval", Duration.ofSeconds(1), Duration.ofHours(1)),
        reader.duration("broke.node.speeds-interval", Duration.ofSeconds(1), Duration.ofHours(1)),
        reader.integer("broke.node.speeds-max", 1, NodeProtocol.SPEEDS_MAX),
        drainLimit(reader),
        reader.duration("broke.node.drain-time", Duration.ZERO, Duration.ofHours(1)),
        AwaySettings.from(reader),
        StreamSettings.from(reader),
        PoolSettings.from(reader),
        PullSettings.read(reader));
  }

  /** An answer that is cut by the host instead of the node would not be handed over. */
  private static Duration drainLimit(SettingsReader reader) {
    var limit = reader.duration("broke.node.drain-limit", Duration.ZERO, Duration.ofSeconds(8));
    var host = reader.duration("broke.cluster.drain-timeout", Duration.ZERO, Duration.ofSeconds(8));
    if (limit.compareTo(host) >= 0) {
      reader.problem(
          "broke.node.drain-limit",
          "must be less than broke.cluster.drain-timeout, is "
              + limit.toMillis()
              + " ms against "
              + host.toMillis()
              + " ms: running answers need time to be handed over after it");
    }
    return limit;
  }
}
