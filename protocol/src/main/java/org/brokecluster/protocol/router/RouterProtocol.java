package org.brokecluster.protocol.router;

import akka.actor.typed.ActorRef;
import java.util.List;
import org.brokecluster.protocol.CborMessage;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.node.NodeProtocol.TicketRefusal;
import org.jspecify.annotations.Nullable;

/** What the cluster-singleton router accepts. It handles facts, never text. */
public interface RouterProtocol {

  /** Anything the router accepts. */
  sealed interface Command extends CborMessage
      permits Submit,
          Withdraw,
          Report,
          TicketRefused,
          AttemptStarted,
          AttemptClosed,
          DryRun,
          GetDecision,
          GetPlan,
          SetStrategy,
          Rate,
          Internal {}

  /** Root for messages the router sends to itself; open so that they can stay private there. */
  non-sealed interface Internal extends Command {}

  /**
   * Asks for a place for one attempt. Repeating it is harmless. A higher attempt number replaces
   * the request's earlier attempt, whose ticket is taken back.
   *
   * @param remainingMs how long the edge still wants to wait, from now
   * @param avoid where this request has failed already
   * @param elapsedMs time since the client's call, for the record
   * @param continues the answer this attempt goes on with, or null if the client has nothing yet
   * @param beside number of an earlier attempt that is not taken back: its node is leaving, and it
   *     goes on until this one takes over; 0 for none
   */
  record Submit(
      AttemptId attempt,
      RequestFacts facts,
      long remainingMs,
      long elapsedMs,
      List<Tried> avoid,
      @Nullable Continues continues,
      int beside,
      ActorRef<EdgeProtocol.Command> edge)
      implements Command {
    /** Copies the list. */
    public Submit {
      avoid = List.copyOf(avoid);
    }

    /** The only attempt of its request. */
    public Submit(
        AttemptId attempt,
        RequestFacts facts,
        long remainingMs,
        long elapsedMs,
        List<Tried> avoid,
        @Nullable Continues continues,
        ActorRef<EdgeProtocol.Command> edge) {
      this(attempt, facts, remainingMs, elapsedMs, avoid, continues, 0, edge);
    }
  }

  /**
   * What broke off in the middle: to be continued by the same weights if they can be had, else by
   * the same tier, else by whatever the request allows.
   */
  record Continues(ModelId model, Tier tier) {}

  /** The client is gone: forget the request, and take back its ticket if one is out. */
  record Withdraw(RequestId request) implements Command {}

  /** How an attempt ended; answered with {@link EdgeProtocol.Noted}, repeated until then. */
  record Report(AttemptReport report, ActorRef<EdgeProtocol.Command> edge) implements Command {}

  /** A node does not take a ticket. */
  record TicketRefused(
      AttemptId attempt, long term, long number, NodeId node, TicketRefusal reason, long termSeen)
      implements Command {}

  /** A node has begun to work on a ticket (its slot is taken). */
  record AttemptStarted(AttemptId attempt, long term, long number, NodeId node)
      implements Command {}

  /** A ticket's slot is free again, however it ended. */
  record AttemptClosed(AttemptId attempt, long term, long number, NodeId node) implements Command {}

  /** Decides as if the request had come, without placing it. */
  record DryRun(RequestFacts facts, ActorRef<Explained> replyTo) implements Command {}

  /** Asks for the decision of a recent request with all its candidates. */
  record GetDecision(RequestId request, ActorRef<Explained> replyTo) implements Command {}

  /** Asks for the plan of loading and unloading models. */
  record GetPlan(ActorRef<Explained> replyTo) implements Command {}

  /** Changes the strategy for requests that name none. */
  record SetStrategy(String strategy, ActorRef<StrategySet> replyTo) implements Command {}

  /**
   * Records how good an answer was.
   *
   * @param score 1 to 5
   * @param outcome whether nobody rated it, but somebody saw it succeed (5) or not (1)
   * @param model that gave it, or null if that is not known
   * @param tier of that model, or null if that is not known
   */
  record Rate(
      RequestId request,
      int score,
      boolean outcome,
      @Nullable ModelId model,
      @Nullable Tier tier,
      ActorRef<RatingNoted> replyTo)
      implements Command {}

  /** The rating is in the history, or on its way there. */
  record RatingNoted(RequestId request) implements CborMessage {}

  /**
   * A decision or a plan as a JSON document, or null if the router does not know the request.
   *
   * @param json at most 200 KiB
   */
  record Explained(@Nullable String json) implements CborMessage {}

  /**
   * The strategy now in force, and whether that is the one asked for.
   *
   * @param known every strategy that can be chosen
   */
  record StrategySet(boolean accepted, String strategy, List<String> known) implements CborMessage {
    /** Copies the list. */
    public StrategySet {
      known = List.copyOf(known);
    }
  }
}
