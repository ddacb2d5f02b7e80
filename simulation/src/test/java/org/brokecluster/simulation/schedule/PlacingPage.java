package org.brokecluster.simulation.schedule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The tables of {@code docs/benchmarks.md} on how well requests are placed. */
final class PlacingPage {
  private static final List<PolicyKind> OTHERS =
      List.of(
          PolicyKind.ROUND_ROBIN,
          PolicyKind.LEAST_IN_FLIGHT,
          PolicyKind.RESIDENCY_FIRST,
          PolicyKind.PREFIX_STICKY,
          PolicyKind.CLAIRVOYANT);

  /** Fewer runs than this say nothing of how far others would be. */
  private static final int RUNS_MIN = 4;

  private final PlacingRuns runs;
  private final List<String> loads;

  /**
   * A page.
   *
   * @param loads names of loads in their order
   */
  PlacingPage(PlacingRuns runs, List<String> loads) {
    this.runs = runs;
    this.loads = List.copyOf(loads);
  }

  /** Both tables, and the highest rates that were looked for. */
  String text() {
    return table("mean", Cell.Figures::mean)
        + "\n"
        + table("99th percentile", Cell.Figures::p99)
        + "\n"
        + highest();
  }

  private String table(String title, Function<Cell.Figures, List<Double>> figure) {
    var text = new StringBuilder();
    text.append("| ").append(title).append(": load, fleet, part of capacity, seeds | ours |");
    OTHERS.forEach(each -> text.append(' ').append(each.label()).append(" |"));
    text.append("\n|---|---|").append("---|".repeat(OTHERS.size())).append('\n');
    for (var load : loads) {
      for (var fleet : Fleet.ALL) {
        for (double level : Study.LEVELS) {
          var cell = runs.cell(load, fleet.name(), level);
          text.append(cell.isEmpty() ? "" : row(cell, figure));
        }
      }
    }
    return text.toString();
  }

  private static String row(
      List<PlacingRuns.Run> runs, Function<Cell.Figures, List<Double>> figure) {
    var cell = PlacingRuns.joined(runs);
    var name = cell.load().replaceFirst("^azure2023_", "");
    var row = new ArrayList<String>();
    row.add(String.format("%s, %s, %s, %d", name, cell.fleet(), cell.level(), runs.size()));
    row.add(seconds(Cell.average(figure.apply(cell.figures(PolicyKind.BROKE)))));
    for (var other : OTHERS) {
      boolean same =
          other == PolicyKind.PREFIX_STICKY
              && cell.figures(other).equals(cell.figures(PolicyKind.LEAST_IN_FLIGHT));
      row.add(same ? "= least" : times(cell.ratio(other, figure), runs.size()));
    }
    return "| " + String.join(" | ", row) + " |\n";
  }

  private static String times(Cell.Ratio ratio, int count) {
    if (count < RUNS_MIN) {
      return short3(ratio.value());
    }
    var sign = ratio.better() ? "+" : ratio.worse() ? "-" : "";
    return "%s%s (%s–%s)"
        .formatted(short3(ratio.value()), sign, short3(ratio.low()), short3(ratio.high()));
  }

  private static String seconds(double value) {
    return short3(value) + " s";
  }

  private static String short3(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
  }

  private String highest() {
    var lines = new LinkedHashMap<String, List<String>>();
    for (var each : runs.highest()) {
      lines
          .computeIfAbsent(each.load() + ", " + each.fleet(), key -> new ArrayList<>())
          .add(String.format(Locale.ROOT, "%s %.3f/s", each.policy(), each.rate()));
    }
    var text = new StringBuilder();
    for (Map.Entry<String, List<String>> line : lines.entrySet()) {
      text.append(line.getKey()).append(": ").append(String.join(", ", line.getValue()));
      text.append('\n');
    }
    return text.toString();
  }
}
