package org.brokecluster.coordinator.routing;

import java.time.Duration;
import org.brokecluster.coordinator.breaker.BreakerLimits;
import org.brokecluster.shared.config.SettingsReader;

/**
 * The {@code broke.router.breaker} section: when a model on a node is left alone after failures.
 *
 * @param failures failures in a row that open the breaker
 * @param first how long it stays open before the first probe
 * @param most longest time between two probes; each failed one doubles the time until then
 * @param reset time without a failure after which all of them are forgotten
 */
public record BreakerSettings(int failures, Duration first, Duration most, Duration reset) {
  private static final String ROOT = "broke.router.breaker.";

  /** Reads and checks the section. */
  static BreakerSettings from(SettingsReader reader) {
    var shortest = Duration.ofMillis(100);
    var first = reader.duration(ROOT + "first", shortest, Duration.ofHours(1));
    var most = reader.duration(ROOT + "most", shortest, Duration.ofHours(1));
    if (most.compareTo(first) < 0) {
      reader.problem(ROOT + "most", "must not be shorter than " + ROOT + "first");
    }
    var reset = reader.duration(ROOT + "reset", shortest, Duration.ofHours(24));
    if (reset.compareTo(most) <= 0) {
      reader.problem(ROOT + "reset", "must be longer than " + ROOT + "most");
    }
    return new BreakerSettings(reader.integer(ROOT + "failures", 1, 1_000), first, most, reset);
  }

  /** The same as a term's first event tells it. */
  public BreakerLimits limits() {
    return new BreakerLimits(failures, first.toMillis(), most.toMillis(), reset.toMillis());
  }
}
