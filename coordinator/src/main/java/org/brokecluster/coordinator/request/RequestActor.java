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
import org.brokecluster.coordinator.http.error.ErrorStatus;
import org.brokecluster.coordinator.http.openai.ChatCall;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.edge.EdgeProtocol.AttemptEnded;
import org.brokecluster.protocol.edge.EdgeProtocol.AttemptFailed;
import org.brokecluster.protocol.edge.EdgeProtocol.Placed;
import org.brokecluster.protocol.edge.EdgeProtocol.Progress;
import org.brokecluster.protocol.edge.EdgeProtocol.PromptCredit;
import org.brokecluster.protocol.edge.EdgeProtocol.Queued;
import org.brokecluster.protocol.edge.EdgeProtocol.Ready;
import org.brokecluster.protocol.edge.EdgeProtocol.Refused;
import org.brokecluster.protocol.edge.EdgeProtocol.TokenBatch;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.node.AttemptProtocol;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.RouterProtocol;
import org.jspecify.annotations.Nullable;

/**
 * One client request, from its call to its last byte: tells {@link RequestLife} what happens and
 * does what it says. Lives in the host's actor system, so that it outlives memberships.
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
    DRAINED
  }

  private final RequestContext edge;
  private final ChatCall call;
  private final RequestFacts facts;
  private final AnswerSide answer;
  private final RequestLife life;
  private final Map<AttemptId, Ready> readies = new HashMap<>();
  private @Nullable EdgeLink link;
  private @Nullable PromptSender prompt;
  private long unacked;

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
    this.answer = answer;
    this.link = edge.registry().link();
    var asked = call.extras().maxSeconds();
    long maxMs = asked == null ? edge.totalMax().toMillis() : asked * 1_000L;
    long now = edge.clock().getAsLong();
    var rules = RescueRules.of(call, edge.rescue());
    this.life = new RequestLife(call.request(), rules, now, maxMs, edge.limits());
    // Before the first message goes out: on one machine its answer is back within microseconds.
    edge.registry().add(call.request(), context.getSelf());
    perform(life.start(now));
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
        .onMessageEquals(Signal.TICK, this::onTick)
        .onMessageEquals(Signal.SLEPT, this::onSlept)
        .onMessageEquals(Signal.DRAINED, this::onDrained)
        .onMessageEquals(Signal.CLIENT_GONE, this::onClientGone)
        .onMessage(Lost.class, lost -> then(life.nodeLost(now(), lost.attempt(), lost.why())))
        .onMessage(Linked.class, this::onLinked)
        .onMessageEquals(Signal.UNLINKED, this::onUnlinked)
        .onMessageEquals(Signal.NEW_TERM, () -> then(life.newTerm(now())))
        .onSignal(PostStop.class, this::onStop)
        .build();
  }

  private Behavior<Command> onFromCluster(FromCluster from) {
    var message = from.message();
    if (message instanceof TokenBatch batch) {
      return then(life.tokens(now(), batch));
    } else if (message instanceof Ready ready) {
      return onReady(ready);
    } else if (message instanceof PromptCredit credit) {
      return onCredit(credit);
    } else if (message instanceof AttemptEnded ended) {
      return then(life.ended(now(), ended));
    } else if (message instanceof AttemptFailed failed) {
      return onFailed(failed);
    } else if (message instanceof Progress progress) {
      return then(life.progress(now(), progress));
    } else if (message instanceof Queued queued) {
      return then(life.queued(now(), queued.attempt(), queued.position(), queued.etaMs()));
    } else if (message instanceof Placed placed) {
      return then(life.placed(now(), placed.attempt(), placed.node()));
    } else if (message instanceof Refused refused) {
      return then(life.refused(now(), refused));
    }
    return Behaviors.unhandled();
  }

  private Behavior<Command> onReady(Ready ready) {
    readies.put(ready.attempt(), ready);
    boolean sure = edge.simulated().test(ready.placement().node());
    return then(life.ready(now(), ready.attempt(), ready.placement(), ready.ways(), sure));
  }

  private Behavior<Command> onCredit(PromptCredit credit) {
    if (prompt != null && credit.attempt().equals(life.attempt())) {
      prompt.allow(credit.sequence());
    }
    return this;
  }

  private Behavior<Command> onFailed(AttemptFailed failed) {
    return then(life.failed(now(), failed.attempt(), failed.failure()));
  }

  private Behavior<Command> onTick() {
    long now = now();
    if (answer.forsaken(now)) {
      return then(life.clientGone(now));
    }
    answer.tick(now);
    return then(life.tick(now));
  }

  private Behavior<Command> onSlept() {
    life.forgive(now());
    return this;
  }

  private Behavior<Command> onDrained() {
    acknowledge();
    return this;
  }

  /** A client that asked for it is given time to come back; its answer goes on meanwhile. */
  private Behavior<Command> onClientGone() {
    if (call.extras().keepSeconds() == 0) {
      return then(life.clientGone(now()));
    }
    answer.abandon();
    acknowledge();
    return this;
  }

  private Behavior<Command> onLinked(Linked linked) {
    link = linked.link();
    return then(life.newTerm(now()));
  }

  private Behavior<Command> onUnlinked() {
    link = null;
    return then(life.membershipEnded(now()));
  }

  private Behavior<Command> onStop(PostStop signal) {
    edge.registry().remove(call.request());
    return this;
  }

  private Behavior<Command> then(List<LifeAction> actions) {
    perform(actions);
    return life.isOver() ? Behaviors.stopped() : this;
  }

  private void perform(List<LifeAction> actions) {
    for (var action : actions) {
      if (action instanceof LifeAction.Emit emit) {
        emit(emit);
      } else if (action instanceof LifeAction.Submit submit) {
        submit(submit);
      } else if (action instanceof LifeAction.SendPrompt send) {
        sendPrompt(send);
      } else if (action instanceof LifeAction.Cancel cancel) {
        cancel(cancel.attempt());
      } else if (action instanceof LifeAction.Report report) {
        report(report);
      } else {
        tell(action);
      }
    }
  }

  /** What concerns the client. */
  private void tell(LifeAction action) {
    if (action instanceof LifeAction.Finish finish) {
      acknowledge();
      answer.finish(finish.reason(), finish.usage(), life.placement(), life.attempt().number());
      closed(life.attempt());
    } else if (action instanceof LifeAction.Fail fail) {
      answer.fail(ErrorStatus.of(fail.failure()));
    } else if (action instanceof LifeAction.Refuse refuse) {
      answer.fail(ErrorStatus.of(refuse.reason(), refuse.message(), refuse.retryAfterMs()));
    } else if (action instanceof LifeAction.Comment comment) {
      answer.comment(comment.text());
      if (comment.etaMs() != null) {
        answer.expect(comment.etaMs());
      }
    } else if (action instanceof LifeAction.Note note) {
      answer.note(note.text());
    } else if (action instanceof LifeAction.Restart) {
      answer.restart();
    } else if (action instanceof LifeAction.Withdraw && link != null) {
      link.router().tell(new RouterProtocol.Withdraw(call.request()));
    }
  }

  private void submit(LifeAction.Submit submit) {
    if (link != null) {
      link.router()
          .tell(
              new RouterProtocol.Submit(
                  submit.attempt(),
                  facts,
                  submit.remainingMs(),
                  submit.elapsedMs(),
                  submit.avoid(),
                  submit.continues(),
                  link.edge()));
    }
  }

  private void sendPrompt(LifeAction.SendPrompt send) {
    var ready = readies.get(send.attempt());
    if (ready == null) {
      throw new IllegalStateException("no node to send the prompt to: " + send.attempt());
    }
    unacked = 0;
    answer.open(send.placement(), send.attempt().number());
    prompt = new PromptSender(send, call.body(), life.continuation(), ready.to());
    prompt.allow(ready.promptCredit());
  }

  private void emit(LifeAction.Emit emit) {
    unacked = emit.sequence();
    if (!answer.emit(emit.chunks(), life.placement())) {
      cancel(life.attempt());
      perform(life.failed(now(), life.attempt(), AnswerSide.TOO_LARGE));
      return;
    }
    acknowledge();
  }

  /** Lets the node send more, unless the client has not yet taken what it was given. */
  private void acknowledge() {
    var ready = readies.get(life.attempt());
    if (unacked > 0 && ready != null && !answer.congested()) {
      ready.to().tell(new AttemptProtocol.Ack(life.attempt(), unacked));
      unacked = 0;
    }
  }

  private void cancel(AttemptId attempt) {
    var ready = readies.get(attempt);
    if (ready != null) {
      ready.node().tell(new NodeProtocol.Cancel(attempt));
      closed(attempt);
    }
  }

  private void closed(AttemptId attempt) {
    if (link != null) {
      link.edge().tell(new EdgeActor.Closed(attempt));
    }
  }

  private void report(LifeAction.Report report) {
    if (link != null) {
      link.edge().tell(new EdgeActor.SendReport(report.report()));
    } else {
      edge.outbox().add(report.report(), now());
    }
  }

  private long now() {
    return edge.clock().getAsLong();
  }
}
