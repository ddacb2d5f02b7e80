package org.brokecluster.protocol.edge;

import akka.actor.typed.ActorRef;
import java.util.List;
import java.util.Set;
import org.brokecluster.protocol.CborMessage;
import org.brokecluster.protocol.HotMessage;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptProtocol;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.node.ResumeWay;
import org.brokecluster.protocol.node.TokenChunk;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What an edge hears about its requests. One actor per edge receives all of it and hands each
 * message to the request it belongs to.
 */
public interface EdgeProtocol {

  /** Anything an edge accepts. */
  sealed interface Command
      permits Queued,
          Placed,
          Refused,
          Noted,
          Ready,
          PromptCredit,
          Progress,
          TokenBatch,
          AttemptEnded,
          AttemptFailed,
          HandOver,
          NodeBeat,
          Internal {}

  /** Root for messages an edge sends to itself; open so that they can stay private there. */
  non-sealed interface Internal extends Command {}

  /** Something about one attempt. */
  interface AboutAttempt {
    /** The attempt it is about. */
    AttemptId attempt();
  }

  /**
   * From the router: the request waits.
   *
   * @param position place in the queue, from 1
   * @param etaMs predicted time to the first token
   */
  record Queued(AttemptId attempt, long term, int position, long etaMs)
      implements Command, AboutAttempt, CborMessage {}

  /** From the router, to a repeated Submit only: the ticket is out to this node, and sent again. */
  record Placed(AttemptId attempt, long term, NodeId node)
      implements Command, AboutAttempt, CborMessage {}

  /** From the router: the request will not be placed. */
  record Refused(
      AttemptId attempt, long term, Refusal reason, String message, @Nullable Long retryAfterMs)
      implements Command, AboutAttempt, CborMessage {}

  /** From the router: the report of this attempt's end is recorded. */
  record Noted(AttemptId attempt) implements Command, CborMessage {}

  /**
   * From a node: admitted, send the prompt to {@code to}. An edge that no longer wants the attempt
   * answers with a cancel to {@code node}.
   *
   * @param promptCredit pieces that may be sent before the next credit
   * @param ways how this model here can go on with an answer that broke off elsewhere
   */
  record Ready(
      AttemptId attempt,
      long term,
      Placement placement,
      int promptCredit,
      Set<ResumeWay> ways,
      ActorRef<NodeProtocol.Command> node,
      ActorRef<AttemptProtocol.Command> to)
      implements Command, AboutAttempt, CborMessage {}

  /** From a node: pieces up to this sequence may be sent. */
  record PromptCredit(AttemptId attempt, int sequence)
      implements Command, AboutAttempt, CborMessage {}

  /**
   * From a node: what goes on before the first token.
   *
   * @param share how much of the phase is done, 0 to 1, or null if unknown
   */
  record Progress(AttemptId attempt, Phase phase, @Nullable Double share)
      implements Command, AboutAttempt, CborMessage {}

  /** What a node does before the first token. */
  enum Phase {
    WAITING,
    LOADING,
    PREFILL
  }

  /**
   * From a node: tokens, in order from sequence 1; a gap is an error. The edge acknowledges what it
   * has handed on, cumulatively.
   *
   * @param tokens pieces of text the runtime made for it, about one token each; more than there are
   *     chunks of text where several were joined on the way
   */
  record TokenBatch(AttemptId attempt, long sequence, List<TokenChunk> chunks, int tokens)
      implements Command, AboutAttempt, HotMessage {
    /** A batch in which each chunk of text is what the runtime made at a time. */
    public TokenBatch(AttemptId attempt, long sequence, List<TokenChunk> chunks) {
      this(attempt, sequence, chunks, (int) chunks.stream().filter(TokenChunk::isText).count());
    }
  }

  /**
   * From a node: the whole answer was made.
   *
   * @param sequence number of batches sent, so that a lost last one is noticed
   * @param prefillMs from the runtime's start on the prompt to its first token
   * @param decodeMs from its first to its last token
   */
  record AttemptEnded(
      AttemptId attempt,
      long sequence,
      FinishReason reason,
      Usage usage,
      long waitedMs,
      long loadMs,
      long prefillMs,
      long decodeMs)
      implements Command, AboutAttempt, CborMessage {}

  /** From a node: the attempt broke; batches up to {@code sequence} are good. */
  record AttemptFailed(AttemptId attempt, long sequence, AttemptFailure failure)
      implements Command, AboutAttempt, CborMessage {}

  /**
   * From a node that is leaving: the attempt had better go on elsewhere. It goes on here until the
   * edge cancels it, or until the node is gone; said again and again until then.
   *
   * @param reason why, for the log
   */
  record HandOver(AttemptId attempt, String reason) implements Command, AboutAttempt, CborMessage {}

  /**
   * From a node with open attempts of this edge: it lives.
   *
   * @param attempts this edge's attempts that are open there
   */
  record NodeBeat(NodeId node, List<AttemptId> attempts) implements Command, CborMessage {
    /** Copies the list. */
    public NodeBeat {
      attempts = List.copyOf(attempts);
    }
  }
}
