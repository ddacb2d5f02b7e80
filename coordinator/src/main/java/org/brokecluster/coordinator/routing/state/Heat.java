package org.brokecluster.coordinator.routing.state;

import java.util.List;
import org.brokecluster.protocol.model.SharedSpeed;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.protocol.state.MachineLoad;
import org.jspecify.annotations.Nullable;

/**
 * What heat leaves of a machine's speed: the limit that its system reports, or else what is typical
 * of its thermal state. What a node measured of its speeds follows heat only slowly, so it is taken
 * to be that of a cool machine.
 */
final class Heat {
  private static final double HOT = 0.8;
  private static final double TOO_HOT = 0.5;

  private Heat() {}

  /** Share of its speed that a machine has now, above 0 and at most 1; 1 if nothing is known. */
  static double share(@Nullable MachineLoad machine) {
    if (machine == null) {
      return 1;
    }
    var limit = machine.speedLimitPercent();
    if (limit != null && limit >= 1 && limit <= 100) {
      return limit / 100.0;
    }
    var thermal = machine.thermal();
    if (thermal == null) {
      return 1;
    }
    return switch (thermal) {
      case NOMINAL, FAIR -> 1;
      case SERIOUS -> HOT;
      case CRITICAL -> TOO_HOT;
    };
  }

  /** Speeds with this share left; loading waits for the disk, which heat does not slow. */
  static Speed slowed(Speed speed, double share) {
    return share >= 1
        ? speed
        : new Speed(
            speed.prefillTokensPerSecond() * share,
            speed.decodeTokensPerSecond() * share,
            speed.loadSeconds(),
            speed.measured(),
            speed.samples(),
            speed.measuredAt(),
            slowed(speed.shared(), share));
  }

  private static List<SharedSpeed> slowed(List<SharedSpeed> shared, double share) {
    return shared.stream()
        .map(point -> new SharedSpeed(point.streams(), (float) (point.tokensPerSecond() * share)))
        .toList();
  }
}
