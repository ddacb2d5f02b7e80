package org.brokecluster.simulation.schedule;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What has been played so far: a file with a line of JSON for each run, so that a benchmark of
 * hours can be ended at any time and goes on where it was.
 */
final class PlacingRuns {
  private static final JsonMapper JSON = new JsonMapper();

  private final Path file;
  private final List<Run> runs = new ArrayList<>();
  private final List<Highest> highest = new ArrayList<>();

  /**
   * One load on one fleet at one rate with one seed.
   *
   * @param level part of the capacity
   * @param rate arrivals a second
   * @param policies figures by the name of the policy
   */
  record Run(
      String load,
      String fleet,
      double level,
      double rate,
      long seed,
      Map<String, Figures> policies) {}

  /** What a policy came to in one run: times in seconds, and the share of tokens from caches. */
  record Figures(double mean, double p99, double first, double cached) {
    static Figures of(Tally tally) {
      return new Figures(
          tally.meanFinish(), tally.p99Finish(), tally.meanFirst(), tally.cachedShare());
    }
  }

  /** The highest rate of arrivals a second at which the queue of a policy stays bounded. */
  record Highest(String load, String fleet, String policy, double rate) {}

  /** Reads what is there. */
  PlacingRuns(Path file) throws IOException {
    this.file = file;
    for (var line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
      var node = JSON.readTree(line);
      if (node.has("policy")) {
        highest.add(JSON.treeToValue(node, Highest.class));
      } else {
        runs.add(JSON.treeToValue(node, Run.class));
      }
    }
  }

  void add(Run run) throws IOException {
    runs.add(run);
    append(run);
  }

  void add(Highest found) throws IOException {
    highest.add(found);
    append(found);
  }

  private void append(Object line) throws IOException {
    var text = JSON.writeValueAsString(line) + "\n";
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  List<Highest> highest() {
    return List.copyOf(highest);
  }

  @Nullable Highest highest(String load, String fleet, String policy) {
    for (var each : highest) {
      if (each.load().equals(load) && each.fleet().equals(fleet) && each.policy().equals(policy)) {
        return each;
      }
    }
    return null;
  }

  @Nullable Run run(String load, String fleet, double level, long seed) {
    for (var each : cell(load, fleet, level)) {
      if (each.seed() == seed) {
        return each;
      }
    }
    return null;
  }

  /** All runs of a cell by seed. */
  List<Run> cell(String load, String fleet, double level) {
    return runs.stream()
        .filter(each -> each.load().equals(load) && each.fleet().equals(fleet))
        .filter(each -> each.level() == level)
        .sorted(Comparator.comparingLong(Run::seed))
        .toList();
  }

  /** The same as one result. */
  static Cell joined(List<Run> runs) {
    var any = runs.get(0);
    var results = new TreeMap<PolicyKind, Cell.Figures>();
    for (var policy : PolicyKind.values()) {
      var each = new ArrayList<Figures>();
      runs.forEach(run -> each.add(run.policies().get(policy.label())));
      results.put(
          policy,
          new Cell.Figures(
              each.stream().map(Figures::mean).toList(),
              each.stream().map(Figures::p99).toList(),
              each.stream().map(Figures::first).toList(),
              each.stream().mapToDouble(Figures::cached).average().orElse(0)));
    }
    return new Cell(any.load(), any.fleet(), any.level(), any.rate(), results);
  }
}
