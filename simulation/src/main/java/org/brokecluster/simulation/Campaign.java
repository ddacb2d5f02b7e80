package org.brokecluster.simulation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.LongStream;
import org.brokecluster.simulation.Plan.Kind;

/** Many runs, side by side on all processors; each is a function of its seed alone. */
final class Campaign {
  private final SimulationSettings settings;
  private final PlanOptions options;
  private final Set<Mechanism> off;

  /**
   * Runs that are alike but for their seeds.
   *
   * @param off mechanisms that are left out
   */
  Campaign(SimulationSettings settings, PlanOptions options, Set<Mechanism> off) {
    this.settings = settings;
    this.options = options;
    this.off = off.isEmpty() ? Set.of() : EnumSet.copyOf(off);
  }

  /** What came of it. */
  static final class Result {
    private final Map<Kind, Integer> kinds = new EnumMap<>(Kind.class);
    private final Map<PlayedClient.End, Integer> ends = new EnumMap<>(PlayedClient.End.class);
    private final List<Violation> violations = new ArrayList<>();
    private int runs;
    private long steps;
    private long virtualMs;
    private long faults;
    private long brokenAttempts;
    private long rescued;

    synchronized int add(Outcome outcome) {
      runs++;
      kinds.merge(outcome.plan().kind(), 1, Integer::sum);
      outcome.ends().forEach((end, count) -> ends.merge(end, count, Integer::sum));
      steps += outcome.steps();
      virtualMs += outcome.virtualMs();
      faults += outcome.plan().faults().size();
      brokenAttempts += outcome.brokenAttempts();
      rescued += outcome.rescued();
      if (outcome.violation() != null) {
        violations.add(outcome.violation());
      }
      return runs;
    }

    /** Runs that were played. */
    int runs() {
      return runs;
    }

    /** Runs by how hard they were. */
    Map<Kind, Integer> kinds() {
      return kinds;
    }

    /** Requests by how they ended. */
    Map<PlayedClient.End, Integer> ends() {
      return ends;
    }

    long steps() {
      return steps;
    }

    long virtualMs() {
      return virtualMs;
    }

    long faults() {
      return faults;
    }

    long brokenAttempts() {
      return brokenAttempts;
    }

    long rescued() {
      return rescued;
    }

    /** Broken invariants by seed; at most one for each run. */
    List<Violation> violations() {
      return violations.stream().sorted((a, b) -> Long.compare(a.seed(), b.seed())).toList();
    }
  }

  /**
   * Plays these seeds.
   *
   * @param progress told how many are done, from any thread
   */
  Result play(long first, long last, IntConsumer progress) {
    return play(first, last, new Result(), progress);
  }

  /** Plays these seeds and adds what came of it to what is known. */
  Result play(long first, long last, Result result, IntConsumer progress) {
    LongStream.rangeClosed(first, last)
        .parallel()
        .forEach(seed -> progress.accept(result.add(play(seed))));
    return result;
  }

  /** Plays one seed. */
  Outcome play(long seed) {
    return new Run(Planner.plan(seed, options), settings, off, null).play();
  }
}
