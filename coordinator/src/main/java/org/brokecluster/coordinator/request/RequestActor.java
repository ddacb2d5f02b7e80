package org.brokecluster.coordinator.request;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.brokecluster.coordinator.http.openai.ChatCall;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.edge.EdgeProtocol.Ready;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.node.AttemptProtocol;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.RouterProtocol;
import org.brokecluster.protocol.router.RouterProtocol.Continues;
import org.brokecluster.protocol.router.Tried;
import org.jspecify.annotations.Nullable;

/**
 * One client request: hands what it hears to its {@link RequestRun} and sends what that has to say.
 * Lives in the host's actor system, so that it outlives memberships.
 */
final class RequestActor extends AbstractBehavior<RequestActor.Command> {

  /** Anything a request hears. */
  sealed interface Command {}

  /** From a router or node. */
  record FromCluster(EdgeProtocol.Command message) implements Command {}

  /** The edge has given up an attempt's node. */
  record Lost(AttemptId attempt, String why) implements Command {}

  /** A membership began. */
  record Linked(EdgeLink link) implements Command {}

  /** Something without data. */
  enum Signal implements Command {
    UNLINKED,
    NEW_TERM,
    TICK,
    /** This machine slept: silence until now is nobody's fault. */
    SLEPT,
    CLIENT_GONE,
    /** The edge stops, and can wait no longer. */
    STOPPING,
    DRAINED
  }

  private final RequestContext edge;
  private final ChatCall call;
  private final RequestFacts facts;
  private final RequestRun run;
  private final Map<AttemptId, Ready> readies = new HashMap<>();
  private @Nullable EdgeLink link;

  private RequestActor(
      ActorContext<Command> context,
      RequestContext edge,
      ChatCall call,
      RequestFacts facts,
      AnswerSide answer) {
    super(context);
    this.edge = edge;
    this.call = call;
    this.facts = facts;
    this.link = edge.registry().link();
    var asked = call.extras().maxSeconds();
    var terms =
        new RequestTerms(
            call.request(),
            call.body(),
            call.extras().keepSeconds(),
            asked == null ? edge.totalMax().toMillis() : asked * 1_000L,
            RescueRules.of(call, edge.rescue()),
            edge.limits());
    this.run = new RequestRun(terms, answer, new Messages(), now());
    // Before the first message goes out: on one machine its answer is back within microseconds.
    edge.registry().add(call.request(), context.getSelf());
    run.start(now());
  }

  /**
   * Begins a request.
   *
   * @param answer where the answer goes
   */
  static Behavior<Command> create(
      RequestContext edge, ChatCall call, RequestFacts facts, AnswerSide answer) {
    return Behaviors.setup(context -> new RequestActor(context, edge, call, facts, answer));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(FromCluster.class, this::onFromCluster)
        .onMessageEquals(Signal.TICK, () -> after(() -> run.tick(now())))
        .onMessageEquals(Signal.SLEPT, () -> after(() -> run.slept(now())))
        .onMessageEquals(Signal.DRAINED, () -> after(run::drained))
        .onMessageEquals(Signal.STOPPING, () -> after(() -> run.stopping(now())))
        .onMessageEquals(Signal.CLIENT_GONE, () -> after(() -> run.clientGone(now())))
        .onMessage(Lost.class, lost -> after(() -> run.lost(now(), lost.attempt(), lost.why())))
        .onMessage(Linked.class, this::onLinked)
        .onMessageEquals(Signal.UNLINKED, this::onUnlinked)
        .onMessageEquals(Signal.NEW_TERM, () -> after(() -> run.newTerm(now())))
        .onSignal(PostStop.class, this::onStop)
        .build();
  }

  private Behavior<Command> onFromCluster(FromCluster from) {
    var message = from.message();
    if (message instanceof Ready ready) {
      readies.put(ready.attempt(), ready);
      boolean sure = edge.simulated().test(ready.placement().node());
      run.ready(
          now(), ready.attempt(), ready.placement(), ready.promptCredit(), ready.ways(), sure);
    } else if (!run.hear(now(), message)) {
      return Behaviors.unhandled();
    }
    return afterwards();
  }

  private Behavior<Command> onLinked(Linked linked) {
    link = linked.link();
    return after(() -> run.newTerm(now()));
  }

  private Behavior<Command> onUnlinked() {
    link = null;
    return after(() -> run.unlinked(now()));
  }

  private Behavior<Command> onStop(PostStop signal) {
    edge.registry().remove(call.request());
    return this;
  }

  private Behavior<Command> after(Runnable step) {
    step.run();
    return afterwards();
  }

  private Behavior<Command> afterwards() {
    return run.isOver() ? Behaviors.stopped() : this;
  }

  private long now() {
    return edge.clock().getAsLong();
  }

  /** Sends what a request has to say, as far as there is somebody to hear it. */
  private final class Messages implements RequestRun.Port {
    @Override
    public void submit(
        AttemptId attempt,
        long remainingMs,
        long elapsedMs,
        List<Tried> avoid,
        @Nullable Continues continues,
        int beside) {
      if (link != null) {
        link.router()
            .tell(
                new RouterProtocol.Submit(
                    attempt, facts, remainingMs, elapsedMs, avoid, continues, beside, link.edge()));
      }
    }

    @Override
    public void withdraw() {
      if (link != null) {
        link.router().tell(new RouterProtocol.Withdraw(call.request()));
      }
    }

    @Override
    public void cancel(AttemptId attempt) {
      ready(attempt).node().tell(new NodeProtocol.Cancel(attempt));
    }

    @Override
    public void piece(AttemptProtocol.PromptPiece piece) {
      ready(piece.attempt()).to().tell(piece);
    }

    @Override
    public void acknowledge(AttemptProtocol.Ack ack) {
      ready(ack.attempt()).to().tell(ack);
    }

    @Override
    public void closed(AttemptId attempt) {
      if (link != null) {
        link.edge().tell(new EdgeActor.Closed(attempt));
      }
    }

    @Override
    public void report(AttemptReport report) {
      if (link != null) {
        link.edge().tell(new EdgeActor.SendReport(report));
      } else {
        edge.outbox().add(report, now());
      }
    }

    private Ready ready(AttemptId attempt) {
      var ready = readies.get(attempt);
      if (ready == null) {
        throw new IllegalStateException("no node has offered itself for " + attempt);
      }
      return ready;
    }
  }
}
