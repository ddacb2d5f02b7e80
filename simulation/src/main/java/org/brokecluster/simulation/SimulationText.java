package org.brokecluster.simulation;

import java.util.Locale;
import java.util.stream.Collectors;

/** Results in words. */
final class SimulationText {
  private static final int SHOWN_MAX = 5;

  private SimulationText() {}

  /** What many runs came to. */
  static String of(Campaign.Result result, double seconds) {
    var text = new StringBuilder();
    int requests = result.ends().values().stream().mapToInt(Integer::intValue).sum();
    text.append(
        "%,d runs: %s; %,d steps, %,.1f hours of virtual time in %.1f s%n"
            .formatted(
                result.runs(),
                result.kinds().entrySet().stream()
                    .map(e -> "%,d %s".formatted(e.getValue(), lower(e.getKey())))
                    .collect(Collectors.joining(", ")),
                result.steps(),
                result.virtualMs() / 3_600_000.0,
                seconds));
    text.append(
        "%,d requests: %s; %,d faults, %,d attempts broke, %,d answers went on elsewhere%n"
            .formatted(
                requests,
                result.ends().entrySet().stream()
                    .map(e -> "%,d %s".formatted(e.getValue(), words(e.getKey())))
                    .collect(Collectors.joining(", ")),
                result.faults(),
                result.brokenAttempts(),
                result.rescued()));
    var broken = result.violations();
    if (broken.isEmpty()) {
      text.append(
          "nothing that must hold was broken: %s%n"
              .formatted(
                  java.util.Arrays.stream(Invariant.values())
                      .map(Invariant::text)
                      .collect(Collectors.joining("; "))));
      return text.toString();
    }
    text.append("%,d runs broke what must hold:%n".formatted(broken.size()));
    broken.stream()
        .limit(SHOWN_MAX)
        .forEach(each -> text.append(each).append(System.lineSeparator()));
    text.append("seeds: ")
        .append(
            broken.stream()
                .map(each -> each.seed() + " (" + each.invariant().label() + ")")
                .limit(40)
                .collect(Collectors.joining(", ")))
        .append(System.lineSeparator())
        .append("play one again: ./broke simulate --seed ")
        .append(broken.get(0).seed())
        .append(System.lineSeparator());
    return text.toString();
  }

  /** What one run came to. */
  static String of(Outcome outcome) {
    var violation = outcome.violation();
    return "seed %d: %s%n%,d steps, %.1f s of virtual time; %s; %d attempts broke, %d answers went on elsewhere%n%s%n"
        .formatted(
            outcome.plan().seed(),
            outcome.plan().summary(),
            outcome.steps(),
            outcome.virtualMs() / 1_000.0,
            outcome.ends().entrySet().stream()
                .map(e -> e.getValue() + " " + words(e.getKey()))
                .collect(Collectors.joining(", ")),
            outcome.brokenAttempts(),
            outcome.rescued(),
            violation == null ? "nothing that must hold was broken" : violation);
  }

  private static String words(PlayedClient.End end) {
    return switch (end) {
      case ANSWERED -> "answered";
      case ERROR -> "told of an error";
      case HUNG_UP -> "hung up";
      case CUT_OFF -> "lost with their edge";
    };
  }

  private static String lower(Plan.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
