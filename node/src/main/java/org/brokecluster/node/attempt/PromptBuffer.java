package org.brokecluster.node.attempt;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import org.brokecluster.node.resume.Resumption;
import org.brokecluster.protocol.node.AttemptProtocol.PromptPiece;
import org.brokecluster.protocol.node.AttemptProtocol.Resume;
import org.jspecify.annotations.Nullable;

/**
 * Puts a prompt together from its pieces, and says how far ahead the edge may send. Pure and not
 * thread safe.
 */
public final class PromptBuffer {
  /** What a piece did. */
  public enum Outcome {
    /** Taken; more is to come. */
    MORE,
    /** Taken; the prompt is complete. */
    COMPLETE,
    /** Had come before, or comes after the end: ignored. */
    REPEATED,
    /** A piece before it is missing: the prompt cannot be completed. */
    GAP,
    /** More than was announced or is allowed. */
    TOO_LARGE
  }

  private static final int FIRST_MAX = 64 * 1024;

  private final long bodyMax;
  private final long allMax;
  private final int credit;
  private final ByteArrayOutputStream body;
  private final ByteArrayOutputStream reasoning = new ByteArrayOutputStream(0);
  private final ByteArrayOutputStream emitted = new ByteArrayOutputStream(0);
  private @Nullable Resume resume;
  private int received;
  private int allowed;
  private boolean complete;

  /**
   * An empty prompt.
   *
   * @param promptBytes length of the body as the ticket announced it
   * @param allMax bytes allowed for body and emitted text together
   * @param credit pieces that may be on their way at a time, at least 1
   */
  public PromptBuffer(long promptBytes, long allMax, int credit) {
    this.bodyMax = promptBytes;
    this.allMax = allMax;
    this.credit = credit;
    this.allowed = credit;
    this.body = new ByteArrayOutputStream((int) Math.min(FIRST_MAX, Math.max(0, promptBytes)));
  }

  /** Takes a piece. */
  public Outcome add(PromptPiece piece) {
    if (complete || piece.sequence() <= received) {
      return Outcome.REPEATED;
    }
    if (piece.sequence() != received + 1) {
      return Outcome.GAP;
    }
    received++;
    resume = piece.resume() == null ? resume : piece.resume();
    var part =
        switch (piece.part()) {
          case BODY -> body;
          case EMITTED_REASONING -> reasoning;
          case EMITTED -> emitted;
        };
    int length = piece.bytes().length;
    long all = (long) body.size() + reasoning.size() + emitted.size() + length;
    if (all > allMax || (part == body && (long) body.size() + length > bodyMax)) {
      return Outcome.TOO_LARGE;
    }
    part.writeBytes(piece.bytes());
    complete = piece.last();
    return complete ? Outcome.COMPLETE : Outcome.MORE;
  }

  /** Highest piece the edge has been allowed to send. */
  public int allowed() {
    return allowed;
  }

  /** A further allowance, once half of the last one is used up. */
  public OptionalInt creditDue() {
    if (complete || allowed - received > credit / 2) {
      return OptionalInt.empty();
    }
    allowed = received + credit;
    return OptionalInt.of(allowed);
  }

  /** Whether any piece has come. */
  public boolean begun() {
    return received > 0;
  }

  /** The client's body. */
  public byte[] body() {
    return body.toByteArray();
  }

  /** What the client has received already; nothing if the answer begins anew. */
  public Optional<Resumption> resumption() {
    return Optional.ofNullable(resume)
        .map(
            known ->
                new Resumption(
                    known.way(),
                    reasoning.toString(StandardCharsets.UTF_8),
                    emitted.toString(StandardCharsets.UTF_8),
                    known.tokens()));
  }
}
