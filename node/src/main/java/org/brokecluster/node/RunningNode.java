package org.brokecluster.node;

import akka.actor.Cancellable;
import akka.actor.typed.javadsl.AskPattern;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.brokecluster.node.away.SleepSource;
import org.brokecluster.node.models.SpeedKeeper;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.shared.host.Membership;
import org.brokecluster.shared.host.Part;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node of one host while it runs: what each membership adds to what lasts. */
final class RunningNode implements Part.Running {
  private static final Logger LOG = LoggerFactory.getLogger(RunningNode.class);

  /** Name of the node's actor in every membership. */
  private static final String ACTOR = "node";

  /** How long an answer may take beyond the drain limit before the host goes on without it. */
  private static final Duration ANSWER_MARGIN = Duration.ofSeconds(1);

  /** What a machine that has just woken is given to find its network and its servers again. */
  private static final Duration AFTER_SLEEP = Duration.ofSeconds(2);

  private final NodeContext context;
  private final SpeedKeeper keeper;
  private final List<Cancellable> timers;
  private final SleepSource sleep;
  private final Runnable rescanSoon;
  private final AtomicReference<SleepGuard.@Nullable Seat> seat = new AtomicReference<>();

  /**
   * A node without a membership yet.
   *
   * @param timers to be ended with it
   * @param later runs something after a while
   */
  RunningNode(
      NodeContext context,
      SpeedKeeper keeper,
      List<Cancellable> timers,
      SleepSource sleep,
      Later later) {
    this.context = context;
    this.keeper = keeper;
    this.timers = timers;
    this.sleep = sleep;
    this.rescanSoon = () -> later.run(AFTER_SLEEP, () -> context.pool().rescan());
    sleep.start(new SleepGuard(seat::get, context.settings().away().sleepLimit()));
  }

  /** Runs something after a while. */
  @FunctionalInterface
  interface Later {
    /** Once. */
    void run(Duration delay, Runnable task);
  }

  @Override
  public void join(Membership membership) {
    var actor = membership.spawn(NodeActor.create(context, membership.gossip()), ACTOR);
    seat.set(new SleepGuard.Seat(actor, membership.system()));
  }

  @Override
  public void woke(Duration slept) {
    rescanSoon.run();
  }

  @Override
  public CompletionStage<Void> drain() {
    var current = seat.get();
    if (current == null || current.system().whenTerminated().isCompleted()) {
      return CompletableFuture.completedFuture(null);
    }
    var limit = context.settings().drainLimit().plus(ANSWER_MARGIN);
    return AskPattern.<NodeProtocol.Command, NodeProtocol.Done>ask(
            current.actor(), NodeActor.StopWork::new, limit, current.system().scheduler())
        .thenAccept(done -> LOG.info("drained: {}", done.message()));
  }

  @Override
  public CompletionStage<Void> stop() {
    timers.forEach(Cancellable::cancel);
    sleep.close();
    context.watch().close();
    context.puller().close();
    return context.pool().close().thenCombine(keeper.close(), (closed, saved) -> null);
  }
}
