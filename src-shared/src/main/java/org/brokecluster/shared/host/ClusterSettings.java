package org.brokecluster.shared.host;

import java.time.Duration;
import org.brokecluster.shared.config.SettingsReader;

/**
 * The {@code broke.cluster} section that is the same for every verb.
 *
 * @param foundingSilence how long a restarted founder waits for a last-known member to answer
 * @param rebuildDelay pause before a membership that ended is followed by the next
 * @param strandedAfter how long a member stays in a cluster without a coordinator while one runs
 *     elsewhere
 * @param sleepMax a sleep from which on this machine joins anew at once
 * @param factsInterval least time between two writes of a member's facts
 * @param loadInterval least time between two writes of a node's load
 * @param reloadInterval how often a changed configuration is looked for
 * @param drainTimeout how long running answers may take to finish at a stop
 */
public record ClusterSettings(
    Duration foundingSilence,
    Duration rebuildDelay,
    Duration strandedAfter,
    Duration sleepMax,
    Duration factsInterval,
    Duration loadInterval,
    Duration reloadInterval,
    Duration drainTimeout) {

  /** Reads and checks the section. */
  public static ClusterSettings from(SettingsReader reader) {
    return new ClusterSettings(
        reader.duration(
            "broke.cluster.founding-silence", Duration.ofSeconds(1), Duration.ofMinutes(1)),
        reader.duration(
            "broke.cluster.rebuild-delay", Duration.ofMillis(10), Duration.ofMinutes(1)),
        reader.duration(
            "broke.cluster.stranded-after", Duration.ofSeconds(2), Duration.ofMinutes(10)),
        reader.duration("broke.cluster.sleep-max", Duration.ofSeconds(4), Duration.ofHours(24)),
        reader.duration(
            "broke.cluster.facts-interval", Duration.ofMillis(100), Duration.ofMinutes(1)),
        reader.duration(
            "broke.cluster.load-interval", Duration.ofMillis(50), Duration.ofSeconds(5)),
        reader.duration(
            "broke.config-reload-interval", Duration.ofMillis(100), Duration.ofHours(24)),
        reader.duration("broke.cluster.drain-timeout", Duration.ZERO, Duration.ofSeconds(8)));
  }
}
