package org.brokecluster.coordinator.content;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.openai.ChatCall;
import org.brokecluster.coordinator.request.AnswerSide;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.RequestFacts;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is written down while the client gets it. Only a whole one counts: what breaks off
 * or is not waited for is forgotten with its request.
 */
final class RecordedAnswer implements AnswerSide {
  private final AnswerSide answer;
  private final ChatCall call;
  private final RequestFacts facts;
  private final AnswerText text;
  private final Consumer<Recorded> done;
  private final LongSupplier clock;
  private final long at;
  private final long beganMs;
  private long firstMs = -1;

  /**
   * Around the client's side of a request.
   *
   * @param done told of the whole answer
   * @param clock monotonic milliseconds
   * @param at now, in milliseconds since 1970
   */
  RecordedAnswer(
      AnswerSide answer,
      ChatCall call,
      RequestFacts facts,
      AnswerText text,
      Consumer<Recorded> done,
      LongSupplier clock,
      long at) {
    this.answer = answer;
    this.call = call;
    this.facts = facts;
    this.text = text;
    this.done = done;
    this.clock = clock;
    this.at = at;
    this.beganMs = clock.getAsLong();
  }

  @Override
  public boolean emit(List<TokenChunk> chunks, @Nullable Placement placement) {
    boolean taken = answer.emit(chunks, placement);
    if (firstMs < 0) {
      firstMs = clock.getAsLong() - beganMs;
    }
    chunks.forEach(text::add);
    return taken;
  }

  @Override
  public void restart() {
    text.clear();
    firstMs = -1;
    answer.restart();
  }

  @Override
  public void finish(
      FinishReason reason, Usage usage, @Nullable Placement placement, int attempts) {
    answer.finish(reason, usage, placement, attempts);
    done.accept(
        new Recorded(
            call,
            facts,
            text,
            placement,
            reason,
            usage,
            at,
            firstMs < 0 ? null : firstMs,
            clock.getAsLong() - beganMs));
  }

  @Override
  public void open(Placement placement, int attempts) {
    answer.open(placement, attempts);
  }

  @Override
  public void comment(String comment) {
    answer.comment(comment);
  }

  @Override
  public void note(String note) {
    answer.note(note);
  }

  @Override
  public void expect(long etaMs) {
    answer.expect(etaMs);
  }

  @Override
  public void fail(ApiError error) {
    answer.fail(error);
  }

  @Override
  public void tick(long nowMs) {
    answer.tick(nowMs);
  }

  @Override
  public boolean congested() {
    return answer.congested();
  }

  @Override
  public void abandon() {
    answer.abandon();
  }

  @Override
  public boolean forsaken(long nowMs) {
    return answer.forsaken(nowMs);
  }
}
