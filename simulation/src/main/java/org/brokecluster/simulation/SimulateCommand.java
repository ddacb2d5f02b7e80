package org.brokecluster.simulation;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.brokecluster.coordinator.cli.text.ProgressLine;
import org.brokecluster.shared.cli.ExitCode;
import org.brokecluster.shared.cli.VerbException;
import org.brokecluster.shared.config.ClusterConf;
import org.brokecluster.shared.config.InvalidConfigException;
import org.brokecluster.simulation.schedule.Study;
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
      "  @|bold ./broke simulate --seed 17 --show r3|@   one run, with every step about request r3",
      "  @|bold ./broke simulate --without rescue|@     prove that somebody would notice",
      "  @|bold ./broke simulate --trace a.csv b.csv|@  instead: how well this router places a load",
      "",
      "Exit code 1 if something that must hold was broken.",
      ""
    },
    sortOptions = false)
final class SimulateCommand implements Callable<Integer> {
  private static final double NANOS = 1e9;
  private static final int MACHINES_MAX = 12;
  private static final int SCHEDULE_SEEDS = 20;

  /** A benchmark compares times, so nobody may be sent away. */
  private static final Config QUEUE_FOR_ALL =
      ConfigFactory.parseString("broke.router.queue-size = 100000");

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
      names = "--show",
      paramLabel = "PATTERN",
      description = "With --seed: show every step whose text matches, such as a request's name.")
  private @Nullable String show;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      arity = "0..*",
      description = {
        "Replay recorded loads (columns arrival_s, input_tokens, output_tokens; also .gz) and one",
        "of agents on three fleets, and compare this router with other policies."
      })
  private @Nullable List<Path> traces;

  @Option(
      names = "--requests",
      paramLabel = "N",
      description = "With --trace: requests in each run, 50 to 100000 (default: 600).")
  private int requests = 600;

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
    if (traces != null) {
      return schedule(settings, traces);
    }
    if (seed != null) {
      return one(new Run(Planner.plan(seed, options), settings, off, tracer()));
    }
    if (show != null) {
      throw VerbException.misuse("--show needs --seed: one run is told at a time");
    }
    return many(new Campaign(settings, options, off));
  }

  private Integer schedule(SimulationSettings settings, List<Path> files) {
    if (requests < 50 || requests > 100_000 || seeds < 1) {
      throw VerbException.misuse("--requests must be within 50 and 100000, --seeds at least 1");
    }
    var line = spec.commandLine();
    int runs = line.getParseResult().hasMatchedOption("--seeds") ? seeds : SCHEDULE_SEEDS;
    var progress = ProgressLine.on(line.getErr());
    var out = line.getOut();
    var study = new Study(settings.router(), settings.strategies(), requests, from, runs);
    try {
      for (var load : loads(files)) {
        study.play(
            load,
            json ? text -> {} : progress::show,
            cell -> {
              progress.clear();
              out.println(json ? cell.json() : cell.text());
              out.flush();
            });
      }
    } catch (IOException e) {
      throw VerbException.failed("a trace cannot be read: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw VerbException.misuse(String.valueOf(e.getMessage()));
    }
    return ExitCode.OK;
  }

  private static List<Study.Traffic> loads(List<Path> files) throws IOException {
    var loads = new ArrayList<Study.Traffic>();
    for (var file : files) {
      loads.add(Study.recorded(String.valueOf(file.getFileName()), Files.newInputStream(file)));
    }
    loads.add(Study.agents());
    return loads;
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
    if (show == null) {
      return null;
    }
    try {
      var pattern = Pattern.compile(show);
      var out = spec.commandLine().getOut();
      return step -> {
        if (pattern.matcher(step).find()) {
          out.println(step);
        }
      };
    } catch (PatternSyntaxException e) {
      throw VerbException.misuse("--show is not a pattern: " + e.getDescription());
    }
  }

  private SimulationSettings settings(Set<Mechanism> off) {
    var conf = ClusterConf.forThisProcess(Optional.empty());
    try {
      Config own = conf.load(ConfigFactory.empty(), Optional.empty());
      var config = traces == null ? own : QUEUE_FOR_ALL.withFallback(own);
      return SimulationSettings.read(config, off);
    } catch (InvalidConfigException e) {
      throw VerbException.misuse(String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw VerbException.misuse("the configuration cannot be used: " + e.getMessage());
    }
  }
}
