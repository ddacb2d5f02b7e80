package org.brokecluster.coordinator.routing.scorer;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

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
    return turned > 1 ? Optional.empty() : Optional.of(turned(turned));
  }

  /**
   * Strategies at every tenth of the knob, those first that are nearest to the one of this name;
   * none for a name that does not stand on the knob.
   */
  static List<Strategy> others(String name) {
    var match = NAME.matcher(name);
    if (!name.equals("balanced") && !match.matches()) {
      return List.of();
    }
    double at = name.equals("balanced") ? MIDDLE : Double.parseDouble(match.group(1));
    return IntStream.rangeClosed(0, 10)
        .mapToObj(tenth -> tenth / 10.0)
        .filter(tenth -> tenth != at)
        .sorted(Comparator.comparingDouble(tenth -> Math.abs(tenth - at)))
        .map(Knob::turned)
        .toList();
  }

  private static Strategy turned(double turned) {
    double quality =
        turned <= MIDDLE ? turned : MIDDLE + (turned - MIDDLE) * (MOST - MIDDLE) / (1 - MIDDLE);
    var called = String.format(Locale.ROOT, "balanced:%.2f", turned);
    return new WeightedStrategy(called, new Weights(quality, MOST - quality, REST, REST));
  }
}
