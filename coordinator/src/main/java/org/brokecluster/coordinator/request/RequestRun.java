package org.brokecluster.coordinator.request;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.brokecluster.coordinator.http.error.ErrorStatus;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.edge.EdgeProtocol.AttemptEnded;
import org.brokecluster.protocol.edge.EdgeProtocol.AttemptFailed;
import org.brokecluster.protocol.edge.EdgeProtocol.Placed;
import org.brokecluster.protocol.edge.EdgeProtocol.Progress;
import org.brokecluster.protocol.edge.EdgeProtocol.PromptCredit;
import org.brokecluster.protocol.edge.EdgeProtocol.Queued;
import org.brokecluster.protocol.edge.EdgeProtocol.Refused;
import org.brokecluster.protocol.edge.EdgeProtocol.TokenBatch;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.node.AttemptProtocol.Ack;
import org.brokecluster.protocol.node.AttemptProtocol.PromptPiece;
import org.brokecluster.protocol.node.ResumeWay;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.RouterProtocol.Continues;
import org.brokecluster.protocol.router.Tried;
import org.jspecify.annotations.Nullable;

/**
 * One client request from its call to its last byte: tells {@link RequestLife} what happens, and
 * turns what that decides into messages and into the client's answer. Knows no actor, clock or
 * thread: time comes in as milliseconds of a monotonic clock, messages leave through a port. Owned
 * by one actor, or by a simulation.
 */
public final class RequestRun {

  /** Where a request's messages go. What cannot be sent is lost, which a request must survive. */
  public interface Port {
    /**
     * To the router: place this attempt.
     *
     * @param beside number of the attempt that goes on until this one takes over; 0 for none
     */
    void submit(
        AttemptId attempt,
        long remainingMs,
        long elapsedMs,
        List<Tried> avoid,
        @Nullable Continues continues,
        int beside);

    /** To the router: the request is over before it was placed. */
    void withdraw();

    /** To the node that offered itself for the attempt: it is not wanted any more. */
    void cancel(AttemptId attempt);

    /** To the attempt on its node. */
    void piece(PromptPiece piece);

    /** To the attempt on its node. */
    void acknowledge(Ack ack);

    /** To the edge: nothing more is expected from the attempt's node. */
    void closed(AttemptId attempt);

    /** To the router, again and again until it has noted it. */
    void report(AttemptReport report);
  }

  private final RequestTerms terms;
  private final AnswerSide answer;
  private final Port port;
  private final RequestLife life;
  private final Map<AttemptId, Integer> credits = new HashMap<>();
  private @Nullable PromptSender prompt;
  private @Nullable Ack unacked;

  /** A request whose client has called now; nothing happens before {@link #start}. */
  public RequestRun(RequestTerms terms, AnswerSide answer, Port port, long nowMs) {
    this.terms = terms;
    this.answer = answer;
    this.port = port;
    this.life =
        new RequestLife(terms.request(), terms.rules(), nowMs, terms.maxMs(), terms.limits());
  }

  /** Begins. */
  public void start(long nowMs) {
    perform(nowMs, life.start(nowMs));
  }

  /** Whether the client has its answer or its error, and nothing is left to do. */
  public boolean isOver() {
    return life.isOver();
  }

  /**
   * A node offers itself for an attempt.
   *
   * @param credit pieces of the prompt it takes
   * @param ways how the model there can go on with a broken answer
   * @param sure whether its answers are the same each time
   */
  public void ready(
      long nowMs,
      AttemptId attempt,
      Placement placement,
      int credit,
      Set<ResumeWay> ways,
      boolean sure) {
    credits.put(attempt, credit);
    perform(nowMs, life.ready(nowMs, attempt, placement, ways, sure));
  }

  /** Anything else from a router or node; false if it means nothing to a request. */
  public boolean hear(long nowMs, EdgeProtocol.Command message) {
    if (message instanceof PromptCredit credit) {
      if (prompt != null && credit.attempt().equals(prompt.attempt())) {
        prompt.allow(credit.sequence());
      }
      return true;
    }
    var actions = heard(nowMs, message);
    if (actions == null) {
      return false;
    }
    perform(nowMs, actions);
    return true;
  }

  private @Nullable List<LifeAction> heard(long nowMs, EdgeProtocol.Command message) {
    if (message instanceof TokenBatch batch) {
      return life.tokens(nowMs, batch);
    } else if (message instanceof AttemptEnded ended) {
      return life.ended(nowMs, ended);
    } else if (message instanceof AttemptFailed failed) {
      return life.failed(nowMs, failed.attempt(), failed.failure());
    } else if (message instanceof Progress progress) {
      return life.progress(nowMs, progress);
    } else if (message instanceof Queued queued) {
      return life.queued(nowMs, queued.attempt(), queued.position(), queued.etaMs());
    } else if (message instanceof Placed placed) {
      return life.placed(nowMs, placed.attempt(), placed.node());
    } else if (message instanceof EdgeProtocol.HandOver leaving) {
      return life.handOver(nowMs, leaving.attempt());
    } else if (message instanceof Refused refused) {
      return life.refused(nowMs, refused);
    }
    return null;
  }

  /** An attempt's node is silent, or has lost it; said again and again while it is silent. */
  public void lost(long nowMs, AttemptId attempt, String why) {
    perform(nowMs, life.nodeLost(nowMs, attempt, why));
    if (!life.hasOpen(attempt)) {
      port.closed(attempt);
    }
  }

  /** A router with a new term reigns, or this host has a membership again. */
  public void newTerm(long nowMs) {
    perform(nowMs, life.newTerm(nowMs));
  }

  /** This host's membership ended. */
  public void unlinked(long nowMs) {
    perform(nowMs, life.membershipEnded(nowMs));
  }

  /** This machine slept: silence until now is nobody's fault. */
  public void slept(long nowMs) {
    life.forgive(nowMs);
  }

  /** Time has passed. */
  public void tick(long nowMs) {
    if (answer.forsaken(nowMs)) {
      perform(nowMs, life.clientGone(nowMs));
    } else {
      answer.tick(nowMs);
      perform(nowMs, life.tick(nowMs));
    }
  }

  /** The edge stops, and can wait no longer. */
  public void stopping(long nowMs) {
    perform(nowMs, life.stopping(nowMs));
  }

  /** The client has taken what kept its node waiting. */
  public void drained() {
    acknowledge();
  }

  /** A client that asked for it is given time to come back; its answer goes on meanwhile. */
  public void clientGone(long nowMs) {
    if (terms.keepSeconds() == 0) {
      perform(nowMs, life.clientGone(nowMs));
    } else {
      answer.abandon();
      acknowledge();
    }
  }

  private void perform(long nowMs, List<LifeAction> actions) {
    for (var action : actions) {
      if (action instanceof LifeAction.Emit emit) {
        emit(nowMs, emit);
      } else if (action instanceof LifeAction.Submit submit) {
        port.submit(
            submit.attempt(),
            submit.remainingMs(),
            submit.elapsedMs(),
            submit.avoid(),
            submit.continues(),
            submit.beside());
      } else if (action instanceof LifeAction.SendPrompt send) {
        sendPrompt(send);
      } else if (action instanceof LifeAction.Cancel cancel) {
        cancel(cancel.attempt());
      } else if (action instanceof LifeAction.Report report) {
        port.report(report.report());
      } else if (action instanceof LifeAction.Withdraw) {
        port.withdraw();
      } else {
        tell(action);
      }
    }
  }

  /** What concerns the client. */
  private void tell(LifeAction action) {
    if (action instanceof LifeAction.Finish finish) {
      acknowledge();
      answer.finish(finish.reason(), finish.usage(), life.placement(), life.attempts());
      port.closed(life.attempt());
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
    }
  }

  private void sendPrompt(LifeAction.SendPrompt send) {
    int credit = credits.getOrDefault(send.attempt(), 0);
    answer.open(send.placement(), life.attempts());
    prompt =
        new PromptSender(
            send,
            FilledBody.of(terms.body(), send.placement().parameters()),
            life.continuation(),
            port::piece);
    prompt.allow(credit);
  }

  private void emit(long nowMs, LifeAction.Emit emit) {
    unacked = new Ack(life.attempt(), emit.sequence());
    if (!answer.emit(emit.chunks(), life.placement())) {
      cancel(life.attempt());
      perform(nowMs, life.failed(nowMs, life.attempt(), AnswerSide.TOO_LARGE));
      return;
    }
    acknowledge();
  }

  /** Lets the node send more, unless the client has not yet taken what it was given. */
  private void acknowledge() {
    var due = unacked;
    if (due != null && !answer.congested()) {
      port.acknowledge(due);
      unacked = null;
    }
  }

  private void cancel(AttemptId attempt) {
    if (credits.containsKey(attempt)) {
      port.cancel(attempt);
      port.closed(attempt);
    }
  }
}
