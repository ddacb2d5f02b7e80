package org.brokecluster.node.runtime.simulated;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.node.runtime.simulated.Fault.Effect;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.jspecify.annotations.Nullable;

/**
 * One answer as it comes along: silence, prompt reading, tokens, an end. {@link #request} and
 * {@link #cancel} may come from any thread; all else is for the clock's thread.
 */
final class SimulatedGeneration implements Generation {
  private static final double REPORT_TOKENS = 2048;

  private final GenerationListener listener;
  private final Consumer<SimulatedGeneration> onCancel;
  private final AtomicLong demand = new AtomicLong();
  private volatile boolean silenced;

  private @Nullable Work work;
  private double silence;
  private @Nullable AttemptFailure failureAfterSilence;
  private double prefillLeft;
  private double shareTold = -1;
  private boolean prefilled;
  private double budget;
  private int made;
  private boolean over;

  /**
   * What is to be done.
   *
   * @param plan the whole answer
   * @param prompt the prompt, which the KV cache holds once it is read
   * @param next the prompt with the answer, which it holds in the end
   * @param cachedTokens part of them that need not be read
   * @param unreadTokens tokens to read before the first one is made, at least 1
   * @param effect what goes wrong
   */
  record Work(
      AnswerPlan plan,
      PromptBlocks prompt,
      PromptBlocks next,
      int cachedTokens,
      int unreadTokens,
      Effect effect) {
    int promptTokens() {
      return prompt.tokens();
    }
  }

  /** A generation that has no work yet; {@code onCancel} runs on the canceller's thread. */
  SimulatedGeneration(GenerationListener listener, Consumer<SimulatedGeneration> onCancel) {
    this.listener = listener;
    this.onCancel = onCancel;
  }

  @Override
  public void request(long chunks) {
    if (chunks > 0) {
      demand.accumulateAndGet(chunks, (now, more) -> now + more < 0 ? Long.MAX_VALUE : now + more);
    }
  }

  @Override
  public void cancel() {
    if (!silenced) {
      silenced = true;
      onCancel.accept(this);
    }
  }

  boolean cancelled() {
    return silenced;
  }

  /** Whether nothing more will come. */
  boolean over() {
    return over || silenced;
  }

  boolean prefilling() {
    return work != null && !over() && silence <= 0 && !prefilled;
  }

  boolean decoding() {
    return work != null && !over() && silence <= 0 && prefilled;
  }

  /** Takes on its work. */
  void begin(Work given) {
    work = given;
    prefillLeft = given.unreadTokens();
    silence = seconds(given.effect().delay());
    failureAfterSilence = given.effect().failure();
    if (failureAfterSilence != null && silence <= 0) {
      fail(failureAfterSilence);
    }
  }

  /** Ends it with a failure. */
  void fail(AttemptFailure failure) {
    if (!over()) {
      over = true;
      listener.onFailure(failure);
    }
  }

  /**
   * Lets simulated time pass.
   *
   * @param prefillRate prompt tokens a simulated second
   * @param decodeRate tokens a simulated second
   */
  void advance(double seconds, double prefillRate, double decodeRate) {
    if (work == null || over()) {
      return;
    }
    double slow = work.effect().slowFactor();
    double left = keepSilent(seconds);
    left = over() ? 0 : prefill(left, prefillRate / slow);
    if (!over() && prefilled && silence <= 0) {
      decode(left * decodeRate / slow);
    }
  }

  private double keepSilent(double seconds) {
    if (silence <= 0) {
      return seconds;
    }
    double used = Math.min(silence, seconds);
    silence -= used;
    if (silence <= 0 && failureAfterSilence != null) {
      fail(failureAfterSilence);
    }
    return seconds - used;
  }

  private double prefill(double seconds, double rate) {
    if (prefilled || silence > 0 || seconds <= 0) {
      return seconds;
    }
    tellPrefill();
    double used = Math.min(seconds, prefillLeft / rate);
    prefillLeft -= used * rate;
    if (prefillLeft <= 1e-9) {
      prefillLeft = 0;
      prefilled = true;
    }
    tellPrefill();
    return seconds - used;
  }

  /** At the beginning, at the end, and after each step of so many tokens as real servers do. */
  private void tellPrefill() {
    int all = Math.max(current().promptTokens(), current().unreadTokens());
    double share = 1 - prefillLeft / all;
    if (!silenced && (shareTold < 0 || prefilled || (share - shareTold) * all >= REPORT_TOKENS)) {
      shareTold = share;
      listener.onPrefill(share);
    }
  }

  private void decode(double tokens) {
    budget += tokens;
    var chunks = current().plan().chunks();
    while (!over() && silence <= 0) {
      if (made == current().effect().breakAfter()) {
        breakStream();
      } else if (made == chunks.size()) {
        end();
      } else if (budget >= 1 && takeDemand()) {
        budget -= 1;
        listener.onChunk(chunks.get(made++));
      } else {
        // A client that does not read keeps the machine from running ahead.
        budget = Math.min(budget, 1);
        return;
      }
    }
  }

  private boolean takeDemand() {
    return demand.getAndUpdate(now -> now == Long.MAX_VALUE ? now : Math.max(0, now - 1)) > 0;
  }

  private void breakStream() {
    failureAfterSilence =
        AttemptFailure.of(
            AttemptFailure.Kind.STREAM_CUT,
            "stream_cut",
            "the simulated runtime was told to break the stream after %d tokens".formatted(made));
    silence = seconds(current().effect().stall());
    if (silence <= 0) {
      fail(failureAfterSilence);
    }
  }

  private void end() {
    over = true;
    listener.onEnd(
        current().plan().reason(),
        new Usage(current().promptTokens(), made, current().cachedTokens()));
  }

  /** What the KV cache holds after this answer; nothing if the prompt was not read to its end. */
  Optional<PromptBlocks> cached() {
    if (work == null || !prefilled) {
      return Optional.empty();
    }
    boolean complete = over && made == work.plan().chunks().size();
    return Optional.of(complete ? work.next() : work.prompt());
  }

  private Work current() {
    if (work == null) {
      throw new IllegalStateException("a generation without work cannot go on");
    }
    return work;
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
