package org.brokecluster.coordinator.routing;

import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.brokecluster.coordinator.routing.state.HostedModel;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;

/**
 * Measures the CPU time of one decision, from the submission to the ticket: 20 nodes of 10 models
 * each, 1,000 nodes of 2, and 1,000 nodes of 10. Run it with {@code main}; it prints a line for
 * each and ends with 1 if an aim is missed.
 */
final class DecisionBenchmark {
  private static final List<Size> SIZES =
      List.of(
          new Size(20, 10, 60_000, 40_000, 50),
          new Size(1_000, 2, 4_000, 4_000, 1_000),
          new Size(1_000, 10, 1_000, 1_000, 1_000));

  private record Size(int nodes, int models, int warmUp, int rounds, double aimMicros) {}

  private DecisionBenchmark() {}

  /** Runs the benchmark. */
  public static void main(String[] args) {
    boolean missed = false;
    for (var size : SIZES) {
      missed |= !meets(size);
    }
    if (missed) {
      System.exit(1);
    }
  }

  private static boolean meets(Size size) {
    var core = Clusters.core(Clusters.settings());
    for (int n = 0; n < size.nodes(); n++) {
      var models = new ArrayList<HostedModel>();
      for (int m = 0; m < size.models(); m++) {
        var state = (n + m) % 3 == 0 ? ModelState.DISK : ModelState.LOADED;
        models.add(Clusters.model("model-" + m, List.of(Tier.values()).get(m % 3), state, 4));
      }
      var name = String.format(Locale.ROOT, "node-%04d", n);
      core.nodeChanged(
          Clusters.at(0), tight(Clusters.node(name, models.toArray(HostedModel[]::new))));
    }
    run(core, 0, size.warmUp());
    var threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    run(core, size.warmUp(), size.rounds());
    double micros = (threads.getCurrentThreadCpuTime() - before) / 1000.0 / size.rounds();
    System.out.printf(
        Locale.ROOT,
        "decision: %.1f us CPU each (%d nodes x %d models, %d decisions, aim %.0f us)%n",
        micros,
        size.nodes(),
        size.models(),
        size.rounds(),
        size.aimMicros());
    return micros <= size.aimMicros();
  }

  /** With little memory left, so that a model from disk has to push others out. */
  private static NodeState tight(NodeState node) {
    return new NodeState(
        node.name(),
        node.incarnation(),
        node.reach(),
        node.away(),
        node.echo(),
        1L << 30,
        0,
        node.models());
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
