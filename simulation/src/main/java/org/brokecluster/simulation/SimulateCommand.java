package org.brokecluster.simulation;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.brokecluster.coordinator.cli.ProgressLine;
import org.brokecluster.shared.cli.ExitCode;
import org.brokecluster.shared.cli.VerbException;
import org.brokecluster.shared.config.ClusterConf;
import org.brokecluster.shared.config.InvalidConfigException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./broke simulate}: what this cluster would do if everything went wrong, by seed. */
@Command(
    name = "simulate",
    description = {
      "Play a cluster under virtual time and let everything go wrong, thousands of times.",
      "",
      "The deciding parts of this program run unchanged, with the limits of your cluster.conf, on",
      "simulated Macs and a simulated network. Processes are killed, stopped and slowed, machines",
      "are cut off, runtimes break, fall silent and fail, clients hang up: each run is drawn from",
      "one number, its seed, and the same seed gives the same run. Whatever happens, every request",
      "must end once, no letter of an answer may be wrong, and nobody may hold anything in the end.",
      "",
      "  @|bold ./broke simulate --seeds 5000|@         five thousand runs",
      "  @|bold ./broke simulate --seed 17 --trace r3|@  one run, with every step about request r3",
      "  @|bold ./broke simulate --without rescue|@     prove that somebody would notice",
      "",
      "Exit code 1 if something that must hold was broken.",
      ""
    },
    sortOptions = false)
final class SimulateCommand implements Callable<Integer> {
  private static final double NANOS = 1e9;
  private static final int MACHINES_MAX = 12;

  @Spec private CommandSpec spec;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "Runs to play, with the seeds from --from on (default: ${DEFAULT-VALUE}).")
  private int seeds = 500;

  @Option(
      names = "--from",
      paramLabel = "SEED",
      description = "First seed (default: ${DEFAULT-VALUE}).")
  private long from = 1;

  @Option(names = "--seed", paramLabel = "S", description = "Play this one run and tell of it.")
  private @Nullable Long seed;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "Simulated Macs, 2 to 12 (default: what the seed says).")
  private @Nullable Integer nodes;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "Virtual minutes of calls and faults in each run, 1 to 60 (default: 1).")
  private int minutes = 1;

  @Option(
      names = "--trace",
      paramLabel = "PATTERN",
      description = "With --seed: show every step whose text matches, such as a request's name.")
  private @Nullable String trace;

  @Option(
      names = "--without",
      paramLabel = "MECHANISM",
      description = {
        "Leave a mechanism out, to see what it is for: rescue, retry, stall-limit, fencing, terms,",
        "resubmission, ledger-echo, breaker, tombstones, beats, edge-watch, report-repeat,",
        "sequence, ageing."
      })
  private Set<String> without = Set.of();

  @Option(names = "--json", description = "For programs.")
  private boolean json;

  @Override
  public Integer call() {
    var off = mechanisms();
    var options = options();
    var settings = settings(off);
    if (seed != null) {
      return one(new Run(Planner.plan(seed, options), settings, off, tracer()));
    }
    if (trace != null) {
      throw VerbException.misuse("--trace needs --seed: one run is traced at a time");
    }
    return many(new Campaign(settings, options, off));
  }

  private Integer one(Run run) {
    var result = new Campaign.Result();
    long began = System.nanoTime();
    var outcome = run.play();
    result.add(outcome);
    var out = spec.commandLine().getOut();
    if (json) {
      out.println(SimulationJson.of(result, (System.nanoTime() - began) / NANOS));
    } else {
      out.print(SimulationText.of(outcome));
    }
    out.flush();
    return outcome.violation() == null ? ExitCode.OK : ExitCode.FAILED;
  }

  private Integer many(Campaign campaign) {
    long began = System.nanoTime();
    var progress = ProgressLine.on(spec.commandLine().getErr());
    var result =
        campaign.play(
            from,
            from + seeds - 1,
            done -> {
              double seconds = (System.nanoTime() - began) / NANOS;
              if (!json && seconds > 2) {
                progress.show(
                    "%,d of %,d runs, about %.0f s left"
                        .formatted(done, seeds, seconds / done * (seeds - done)));
              }
            });
    progress.clear();
    double seconds = (System.nanoTime() - began) / NANOS;
    var out = spec.commandLine().getOut();
    out.println(json ? SimulationJson.of(result, seconds) : SimulationText.of(result, seconds));
    out.flush();
    return result.violations().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  private PlanOptions options() {
    if (nodes != null && (nodes < 2 || nodes > MACHINES_MAX)) {
      throw VerbException.misuse("--nodes must be within 2 and 12, is " + nodes);
    }
    if (minutes < 1 || minutes > 60) {
      throw VerbException.misuse("--minutes must be within 1 and 60, is " + minutes);
    }
    if (seeds < 1) {
      throw VerbException.misuse("--seeds must be at least 1, is " + seeds);
    }
    return new PlanOptions(nodes, minutes);
  }

  private Set<Mechanism> mechanisms() {
    var off = EnumSet.noneOf(Mechanism.class);
    var known = new TreeSet<String>();
    for (var each : Mechanism.values()) {
      known.add(each.label());
      if (without.contains(each.label())) {
        off.add(each);
      }
    }
    if (!known.containsAll(without)) {
      throw VerbException.misuse("--without knows " + known + ", not " + without);
    }
    return off;
  }

  private java.util.function.@Nullable Consumer<String> tracer() {
    if (trace == null) {
      return null;
    }
    try {
      var pattern = Pattern.compile(trace);
      var out = spec.commandLine().getOut();
      return step -> {
        if (pattern.matcher(step).find()) {
          out.println(step);
        }
      };
    } catch (PatternSyntaxException e) {
      throw VerbException.misuse("--trace is not a pattern: " + e.getDescription());
    }
  }

  private static SimulationSettings settings(Set<Mechanism> off) {
    var conf = ClusterConf.forThisProcess(Optional.empty());
    try {
      Config config = conf.load(ConfigFactory.empty(), Optional.empty());
      return SimulationSettings.read(config, off);
    } catch (InvalidConfigException e) {
      throw VerbException.misuse(String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw VerbException.misuse("the configuration cannot be used: " + e.getMessage());
    }
  }
}
