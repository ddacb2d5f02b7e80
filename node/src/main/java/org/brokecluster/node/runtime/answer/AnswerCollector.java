package org.brokecluster.node.runtime.answer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.brokecluster.node.runtime.http.ResponseHandler;
import org.brokecluster.node.runtime.http.ResponseHead;
import org.jspecify.annotations.Nullable;

/** Collects a short answer as a whole. */
public final class AnswerCollector implements ResponseHandler {
  private final CompletableFuture<Answer> answer = new CompletableFuture<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final int longest;
  private @Nullable ResponseHead head;

  /** A whole answer. */
  // The array is handed over, never changed.
  @SuppressWarnings("ArrayRecordComponent")
  public record Answer(ResponseHead head, byte[] body) {}

  /** Collects at most so many bytes. */
  public AnswerCollector(int longest) {
    this.longest = longest;
  }

  /** The answer, or why there is none. */
  public CompletableFuture<Answer> answer() {
    return answer;
  }

  @Override
  public void onHead(ResponseHead given) {
    head = given;
  }

  @Override
  public void onBody(ByteBuffer bytes) {
    var piece = new byte[bytes.remaining()];
    bytes.get(piece);
    if (body.size() + piece.length > longest) {
      answer.completeExceptionally(new IOException("the answer is too long"));
    } else {
      body.writeBytes(piece);
    }
  }

  @Override
  public void onEnd() {
    var known = head;
    if (known != null) {
      answer.complete(new Answer(known, body.toByteArray()));
    }
  }

  @Override
  public void onError(Problem problem, String message) {
    answer.completeExceptionally(new IOException("no answer: " + message));
  }

  @Override
  public boolean wantsMore() {
    return true;
  }

  @Override
  public void onResume() {
    // It never pauses.
  }

  @Override
  public void onTick(long nanos) {
    // Its caller watches the time.
  }
}
