package org.brokecluster.coordinator.request;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.node.AttemptProtocol;
import org.brokecluster.protocol.node.AttemptProtocol.PromptPart;
import org.brokecluster.protocol.node.AttemptProtocol.PromptPiece;
import org.brokecluster.protocol.node.AttemptProtocol.Resume;
import org.jspecify.annotations.Nullable;

/**
 * Sends a prompt in pieces, no further ahead than the node allows: the client's body, and behind it
 * what the client has of an answer that goes on. Used by one request.
 */
final class PromptSender {
  /** One part; its bytes are handed on, never compared. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Part(PromptPart part, byte[] bytes) {}

  private final AttemptId attempt;
  private final Consumer<PromptPiece> to;
  private final List<Part> parts = new ArrayList<>();
  private @Nullable Resume resume;
  private int part;
  private int offset;
  private int sequence;
  private boolean complete;

  PromptSender(
      LifeAction.SendPrompt send, byte[] body, Continuation answer, Consumer<PromptPiece> to) {
    this.attempt = send.attempt();
    this.to = to;
    this.resume = send.resume();
    parts.add(new Part(PromptPart.BODY, body));
    if (resume != null) {
      add(PromptPart.EMITTED_REASONING, answer.reasoning());
      add(PromptPart.EMITTED, answer.content());
    }
  }

  private void add(PromptPart part, String text) {
    if (!text.isEmpty()) {
      parts.add(new Part(part, text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** The attempt it is for. */
  AttemptId attempt() {
    return attempt;
  }

  /** Sends up to this piece. */
  void allow(int upTo) {
    while (sequence < upTo && !complete) {
      send(parts.get(part));
    }
  }

  private void send(Part current) {
    var bytes = current.bytes();
    int length = Math.min(AttemptProtocol.PIECE_MAX, bytes.length - offset);
    var piece = Arrays.copyOfRange(bytes, offset, offset + length);
    offset += length;
    if (offset == bytes.length) {
      part++;
      offset = 0;
    }
    complete = part == parts.size();
    to.accept(new PromptPiece(attempt, ++sequence, current.part(), piece, complete, resume));
    resume = null; // told once
  }
}
