package org.brokecluster.coordinator.routing;

import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.brokecluster.coordinator.routing.state.HostedModel;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;

/**
 * Measures the CPU time of one decision, from the submission to the ticket, with 20 nodes of 10
 * models each. Run it with {@code main}; it prints one line and ends with 1 if the aim is missed.
 */
final class DecisionBenchmark {
  private static final int NODES = 20;
  private static final int MODELS = 10;
  private static final int WARM_UP = 60_000;
  private static final int ROUNDS = 40_000;
  private static final double AIM_MICROS = 50;

  private DecisionBenchmark() {}

  /** Runs the benchmark. */
  public static void main(String[] args) {
    var core = Clusters.core(Clusters.settings());
    for (int n = 0; n < NODES; n++) {
      var models = new ArrayList<HostedModel>();
      for (int m = 0; m < MODELS; m++) {
        var state = (n + m) % 3 == 0 ? ModelState.DISK : ModelState.LOADED;
        models.add(Clusters.model("model-" + m, List.of(Tier.values()).get(m % 3), state, 4));
      }
      var name = String.format(Locale.ROOT, "node-%02d", n);
      core.nodeChanged(Clusters.at(0), Clusters.node(name, models.toArray(new HostedModel[0])));
    }
    run(core, 0, WARM_UP);
    var threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    run(core, WARM_UP, ROUNDS);
    double micros = (threads.getCurrentThreadCpuTime() - before) / 1000.0 / ROUNDS;
    System.out.printf(
        Locale.ROOT,
        "decision: %.1f us CPU each (%d nodes x %d models, %d decisions, aim %.0f us)%n",
        micros,
        NODES,
        MODELS,
        ROUNDS,
        AIM_MICROS);
    if (micros > AIM_MICROS) {
      System.exit(1);
    }
  }

  /** Submits requests; half of those that were placed before are still running. */
  private static void run(RouterCore core, int from, int count) {
    var open = new ArrayDeque<Effect.SendTicket>();
    for (int i = from; i < from + count; i++) {
      var now = Clusters.at(10_000 + i);
      var attempt = new AttemptId(RequestId.of("r" + i), 1);
      var facts = Clusters.facts("auto", (i % 100) / 100.0);
      for (var effect : core.submit(now, Clusters.submission(attempt, facts))) {
        if (effect instanceof Effect.SendTicket ticket) {
          open.add(ticket);
        }
      }
      if (open.size() > 100) {
        var done = open.remove();
        core.attemptClosed(now, done.attempt(), done.term(), done.number());
      }
    }
    List.copyOf(open)
        .forEach(each -> core.attemptClosed(Clusters.at(0), each.attempt(), 1, each.number()));
  }
}
