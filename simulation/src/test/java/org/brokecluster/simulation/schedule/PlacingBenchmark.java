package org.brokecluster.simulation.schedule;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.brokecluster.coordinator.routing.RouterSettings;
import org.brokecluster.coordinator.routing.scorer.Strategies;
import org.brokecluster.shared.config.SettingsReader;

/**
 * Plays every cell of the scheduling benchmark, seed by seed, and prints its tables. What has been
 * played is kept in a file, so that a run can be ended at any time and goes on from there, and
 * several can share the work. Arguments:
 *
 * <pre>
 * TRACE…              recorded loads; agents are played in any case
 * --out FILE          where runs are kept (target/placing.jsonl)
 * --from S --seeds N  seeds (101, 20)
 * --load NAME         only loads whose name has this in it
 * --fleet NAME        only this fleet
 * --highest POLICY    instead: the highest rate at which the queue of this policy stays bounded
 * --page              instead: only the tables of what is there
 * </pre>
 */
final class PlacingBenchmark {
  private static final int REQUESTS = 500;

  private final RouterSettings settings =
      RouterSettings.from(
          new SettingsReader(
              ConfigFactory.parseString("broke.router.queue-size = 100000")
                  .withFallback(ConfigFactory.load())));
  private final Strategies strategies = Strategies.of(settings.strategies(), List.of());
  private final List<Load> loads = new ArrayList<>();
  private final TreeMap<String, String> options = new TreeMap<>();
  private final PlacingRuns runs;

  private PlacingBenchmark(String[] args) throws IOException {
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals("--page")) {
        options.put(args[i], "");
      } else if (args[i].startsWith("--")) {
        options.put(args[i], args[++i]);
      } else {
        var path = Path.of(args[i]);
        var name = String.valueOf(path.getFileName());
        var load = TraceFile.read(name, Files.newInputStream(path), Guess.USUAL);
        loads.add(load);
        loads.add(load.byOneUser());
      }
    }
    loads.add(new AgentLoad(AgentShape.USUAL, Guess.USUAL));
    runs = new PlacingRuns(Path.of(options.getOrDefault("--out", "target/placing.jsonl")));
  }

  /** Runs the benchmark. */
  public static void main(String[] args) throws IOException {
    var benchmark = new PlacingBenchmark(args);
    if (!benchmark.options.containsKey("--page")) {
      benchmark.play();
    }
    var names = benchmark.loads.stream().map(Load::name).toList();
    System.out.print(new PlacingPage(benchmark.runs, names).text());
  }

  private void play() throws IOException {
    var policy = options.get("--highest");
    for (var load : loads) {
      for (var fleet : Fleet.ALL) {
        if (!load.name().contains(options.getOrDefault("--load", ""))
            || !fleet.name().contains(options.getOrDefault("--fleet", ""))) {
          continue;
        }
        if (policy == null) {
          cells(load, fleet);
        } else {
          highest(load, fleet, policy);
        }
      }
    }
  }

  private double highest(Load load, Fleet fleet, String label) throws IOException {
    var known = runs.highest(load.name(), fleet.name(), label);
    if (known != null) {
      return known.rate();
    }
    for (var policy : PolicyKind.values()) {
      if (policy.label().equals(label)) {
        double rate = study().capacity(load, fleet, policy);
        runs.add(new PlacingRuns.Highest(load.name(), fleet.name(), label, rate));
        return rate;
      }
    }
    throw new IllegalArgumentException("no such policy: " + label);
  }

  private Study study() {
    return new Study(settings, strategies, REQUESTS, 1, 1);
  }

  private void cells(Load load, Fleet fleet) throws IOException {
    long from = Long.parseLong(options.getOrDefault("--from", "101"));
    long until = from + Long.parseLong(options.getOrDefault("--seeds", "20"));
    var asked = load instanceof TraceLoad alone ? alone.byTeam() : load;
    double capacity = highest(asked, fleet, PolicyKind.CLAIRVOYANT.label());
    for (long seed = from; seed < until; seed++) {
      for (double level : Study.LEVELS) {
        if (runs.run(load.name(), fleet.name(), level, seed) == null) {
          runs.add(run(load, fleet, level, level * capacity, seed));
        }
      }
    }
  }

  private PlacingRuns.Run run(Load load, Fleet fleet, double level, double rate, long seed) {
    var figures = new TreeMap<String, PlacingRuns.Figures>();
    var policies = new ArrayList<>(List.of(PolicyKind.values()));
    var team = load instanceof TraceLoad alone ? alone.byTeam() : load;
    var same =
        team.name().equals(load.name()) ? null : runs.run(team.name(), fleet.name(), level, seed);
    if (same != null) {
      figures.putAll(same.policies()); // the others do not ask who calls
      policies.removeIf(policy -> policy != PolicyKind.BROKE);
    }
    study()
        .runs(load, fleet, rate, seed, policies)
        .forEach((policy, tally) -> figures.put(policy.label(), PlacingRuns.Figures.of(tally)));
    return new PlacingRuns.Run(load.name(), fleet.name(), level, rate, seed, figures);
  }
}
