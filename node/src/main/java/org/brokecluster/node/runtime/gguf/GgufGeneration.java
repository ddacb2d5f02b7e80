package org.brokecluster.node.runtime.gguf;

import de.kherud.llama.LlamaIterator;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.node.runtime.answer.AnswerAssembler;
import org.brokecluster.node.runtime.answer.AnswerRules;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * One answer, made on a thread of its own: the engine is asked token by token, and waits while the
 * listener wants no more. The binding does not tell why the engine stopped, so the limit and the
 * end of the context are watched here.
 */
final class GgufGeneration implements Generation, Runnable {
  private static final int TOKEN_CHARACTERS_MAX = 64;
  private static final int DEMAND_MAX = Integer.MAX_VALUE / 2;

  private final LoadedGguf model;
  private final GgufRequest request;
  private final GenerationListener listener;
  private final AnswerAssembler assembler;
  private final Consumer<GgufGeneration> onOver;
  private final Semaphore demand = new Semaphore(0);
  private volatile boolean cancelled;
  private volatile @Nullable AttemptFailure refusal;

  /**
   * An answer that has not begun.
   *
   * @param onOver hears, on the answer's thread, that the engine is done with it
   */
  GgufGeneration(
      LoadedGguf model,
      GgufRequest request,
      GenerationListener listener,
      AnswerRules rules,
      Consumer<GgufGeneration> onOver) {
    this.model = model;
    this.request = request;
    this.listener = listener;
    this.assembler = new AnswerAssembler(rules);
    this.onOver = onOver;
  }

  @Override
  public void request(long chunks) {
    if (chunks > 0 && demand.availablePermits() < DEMAND_MAX) {
      demand.release((int) Math.min(chunks, DEMAND_MAX));
    }
  }

  @Override
  public void cancel() {
    cancelled = true;
    demand.release();
  }

  /** Ends the answer with a failure, from any thread. */
  void refuse(AttemptFailure failure) {
    refusal = failure;
    demand.release();
  }

  @Override
  public void run() {
    try {
      generate();
    } catch (RuntimeException e) {
      // The binding's own exception cannot be named outside its package.
      fail("the engine broke off: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail("the answer's thread was interrupted");
    } finally {
      onOver.accept(this);
    }
  }

  private void fail(String message) {
    if (!cancelled) {
      listener.onFailure(AttemptFailure.of(Kind.RUNTIME_ERROR, "runtime_error", message));
    }
  }

  private void generate() throws InterruptedException {
    if (stopped()) {
      return;
    }
    listener.onPrefill(-1);
    var prompt = model.prompt(request);
    // What is longer than any token could be is not even counted: that would take seconds.
    int least = prompt.length() / TOKEN_CHARACTERS_MAX;
    int read = least < model.context() ? model.tokens(prompt) : least;
    if (read >= model.context() - 1) {
      listener.onFailure(tooLong(read));
      return;
    }
    int most = Math.min(request.limit().orElse(Integer.MAX_VALUE), model.context() - 1 - read);
    var pieces = model.generate(prompt, request);
    int made = 0;
    while (made < most && pieces.hasNext()) {
      assembler.content(pieces.next().text, null);
      made++;
      if (!handOn()) {
        pieces.cancel();
        return;
      }
    }
    assembler.finish(endsHere(pieces) ? "stop" : "length");
    if (handOn()) {
      listener.onEnd(assembler.reason(), new Usage(read, made, 0));
    }
  }

  /** Whether the engine itself is at the end: its last word comes behind the last token. */
  private boolean endsHere(LlamaIterator pieces) {
    if (!pieces.hasNext()) {
      return true;
    }
    var last = pieces.next();
    if (pieces.hasNext()) {
      pieces.cancel();
      return false;
    }
    assembler.content(last.text, null);
    return true;
  }

  /** Hands on what is ready, once it is wanted; false if nothing more is. */
  private boolean handOn() throws InterruptedException {
    while (!assembler.ready().isEmpty()) {
      demand.acquire();
      if (stopped()) {
        return false;
      }
      listener.onChunk(assembler.ready().remove());
    }
    return !stopped();
  }

  /** Whether the answer is over from outside; tells of a refusal once. */
  private boolean stopped() {
    var why = refusal;
    if (why != null && !cancelled) {
      cancelled = true;
      listener.onFailure(why);
    }
    return cancelled;
  }

  private AttemptFailure tooLong(int read) {
    return AttemptFailure.of(
        Kind.CONTEXT_LENGTH,
        "context_length_exceeded",
        "the prompt has %d tokens or more, the context %d (broke.node.gguf.context)"
            .formatted(read, model.context()));
  }
}
