package org.brokecluster.protocol.node;

import java.util.Arrays;
import java.util.Objects;
import org.brokecluster.protocol.CborMessage;
import org.brokecluster.protocol.HotMessage;
import org.brokecluster.protocol.id.AttemptId;
import org.jspecify.annotations.Nullable;

/** What one attempt on a node accepts from the edge that owns it. */
public interface AttemptProtocol {

  /** Anything an attempt accepts. */
  interface Command {}

  /**
   * A piece of the prompt, at most {@value #PIECE_MAX} bytes, in order from sequence 1. The edge
   * sends no further ahead than the node's {@code PromptCredit} allows.
   *
   * @param part what the bytes belong to
   * @param last true for the last piece of the last part
   * @param resume with the first piece, if this attempt goes on from an earlier one; else null
   */
  // A copy of up to 64 KiB for each piece would buy nothing: whoever makes the array gives it away.
  @SuppressWarnings("ArrayRecordComponent")
  record PromptPiece(
      AttemptId attempt,
      int sequence,
      PromptPart part,
      byte[] bytes,
      boolean last,
      @Nullable Resume resume)
      implements Command, CborMessage {
    @Override
    public boolean equals(Object other) {
      return other instanceof PromptPiece piece
          && attempt.equals(piece.attempt)
          && sequence == piece.sequence
          && part == piece.part
          && last == piece.last
          && Objects.equals(resume, piece.resume)
          && Arrays.equals(bytes, piece.bytes);
    }

    @Override
    public int hashCode() {
      return 31 * attempt.hashCode() + sequence;
    }

    /** Shows the length only: prompts never reach a log. */
    @Override
    public String toString() {
      return "PromptPiece[%s #%d %s %d bytes%s]"
          .formatted(attempt, sequence, part, bytes.length, last ? " last" : "");
    }
  }

  /**
   * That an attempt goes on where an earlier one broke off.
   *
   * @param tokens pieces the client has received of the earlier attempts, about one token each
   */
  record Resume(ResumeWay way, int tokens) {}

  /** What a piece of a prompt belongs to. */
  enum PromptPart {
    /** The client's JSON body. */
    BODY,
    /** Thinking already sent to the client by an earlier attempt. */
    EMITTED_REASONING,
    /** Text already sent to the client by an earlier attempt, to be continued. */
    EMITTED
  }

  /** The edge has handed on every batch up to this sequence. */
  record Ack(AttemptId attempt, long sequence) implements Command, HotMessage {}

  /** Largest piece of a prompt in bytes. */
  int PIECE_MAX = 64 * 1024;
}
