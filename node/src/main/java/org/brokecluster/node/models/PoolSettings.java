package org.brokecluster.node.models;

import java.time.Duration;
import org.brokecluster.shared.config.SettingsReader;

/**
 * How this host's models are looked after, from the {@code broke.node} section.
 *
 * @param rescanInterval time between two looks at every runtime
 * @param scanTimeout time after which a runtime that does not say what it has is unreachable
 * @param loadTimeout time after which a load that goes on is given up
 * @param loadRetry time for which a model that could not be loaded is not offered again
 * @param unloadTimeout idle time after which a model is taken out of memory again; zero for never
 * @param speedWeight weight of the latest answer in the measured speed, above 0 to 1
 * @param memoryWarning share of what models may take from which the operator is warned, 0.1 to 1
 * @param modelsMax models taken from each runtime; further ones are left out
 */
public record PoolSettings(
    Duration rescanInterval,
    Duration scanTimeout,
    Duration loadTimeout,
    Duration loadRetry,
    Duration unloadTimeout,
    double speedWeight,
    double memoryWarning,
    int modelsMax) {

  /** Reads and checks the keys. */
  public static PoolSettings from(SettingsReader reader) {
    return new PoolSettings(
        reader.duration("broke.node.rescan-interval", Duration.ofSeconds(1), Duration.ofHours(1)),
        reader.duration("broke.node.scan-timeout", Duration.ofMillis(100), Duration.ofMinutes(5)),
        reader.duration("broke.node.load-timeout", Duration.ofSeconds(1), Duration.ofHours(24)),
        reader.duration("broke.node.load-retry", Duration.ZERO, Duration.ofHours(24)),
        reader.duration("broke.node.unload-timeout", Duration.ZERO, Duration.ofDays(30)),
        reader.number("broke.node.speed-weight", 0.01, 1),
        reader.number("broke.node.memory-warning", 0.1, 1),
        reader.integer("broke.node.models-max", 1, 1000));
  }
}
