package org.brokecluster.coordinator.routing.scorer;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The one knob of {@code balanced}: {@code balanced:0} is as quick as can be, {@code balanced:1} as
 * good as can be, {@code balanced:0.5} the same as {@code balanced}. Quality weighs 0, 0.5 and 0.9
 * there, straight lines between; speed has the rest of 0.9, cost and load 0.05 each. Steps of one
 * hundredth, so that clients cannot make up names without end.
 */
final class Knob {
  private static final Pattern NAME = Pattern.compile("balanced:([01](?:\\.\\d{1,6})?)");
  private static final double MIDDLE = 0.5;
  private static final double MOST = 0.9;
  private static final double REST = 0.05;

  private Knob() {}

  /** The strategy of this name; empty if it is none of the knob's. */
  static Optional<Strategy> find(String name) {
    var match = NAME.matcher(name);
    if (!match.matches()) {
      return Optional.empty();
    }
    double turned = Math.round(Double.parseDouble(match.group(1)) * 100) / 100.0;
    if (turned > 1) {
      return Optional.empty();
    }
    double quality =
        turned <= MIDDLE ? turned : MIDDLE + (turned - MIDDLE) * (MOST - MIDDLE) / (1 - MIDDLE);
    var called = String.format(Locale.ROOT, "balanced:%.2f", turned);
    return Optional.of(
        new WeightedStrategy(called, new Weights(quality, MOST - quality, REST, REST)));
  }
}
