package org.brokecluster.node;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;
import org.brokecluster.node.attempt.ChunkInbox;
import org.brokecluster.node.attempt.Leaving;
import org.brokecluster.node.attempt.PromptBuffer;
import org.brokecluster.node.attempt.Stopwatch;
import org.brokecluster.node.models.Lease;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.node.AttemptProtocol.PromptPiece;
import org.jspecify.annotations.Nullable;

/**
 * One attempt from its ticket to its edge's last acknowledgement: collects the prompt, waits for a
 * slot and the model, drains the runtime as fast as it goes, and sends what the edge's window
 * allows. Its slot is free as soon as the runtime has ended, whatever its client still has to read.
 *
 * <p>Knows no actor, clock or thread: time comes in as nanoseconds of a monotonic clock. Owned by
 * one actor, or by a simulation; over once {@link #isOver} says so, and then to be closed.
 */
public final class AttemptLife {

  /** What an attempt needs from its surroundings. */
  public interface Port {
    /** To its edge. */
    void tell(EdgeProtocol.Command message);

    /** To its edge: send the prompt here, so many pieces at first. */
    void offer(int credit);

    /** To its node: the prompt is there, a slot is wanted. */
    void promptComplete();

    /** To its node: the runtime has ended. */
    void slotFree();

    /** A claim on the attempt's model. */
    Lease acquire();

    /** The model loads: {@link #loaded} is to be called when that is over. */
    void await(CompletionStage<Void> ready);

    /** How far that load is, 0 to 1; null if unknown. */
    @Nullable Double loadShare();

    /**
     * Starts the answer; what it makes comes into the attempt's inbox.
     *
     * @throws IOException if the client's body cannot be read; the message is free of its text
     */
    Generation start(Lease claim, PromptBuffer prompt) throws IOException;

    /** For the meters: the whole answer was made. */
    void completed(Usage usage);

    /** For the meters: the attempt broke. */
    void failed(Kind kind);

    /** For the meters: the attempt was taken back. */
    void cancelled();

    /** For the meters: so many bytes more, or fewer, wait for the edge. */
    void buffered(long change);
  }

  private enum Phase {
    PROMPT,
    SLOT,
    LOADING,
    RUNNING,
    FLUSHING
  }

  private final NodeSettings settings;
  private final AttemptId attempt;
  private final long promptBytes;
  private final ChunkInbox inbox;
  private final Port port;
  private final EdgeStream out;
  private final Stopwatch watch = new Stopwatch();
  private @Nullable PromptBuffer prompt;
  private @Nullable Lease lease;
  private @Nullable Generation generation;
  private Phase phase = Phase.PROMPT;
  private boolean over;
  private long heardNanos;
  private long tickNanos;

  private @Nullable Leaving leaving;

  /**
   * An attempt that has just been admitted; it does nothing before {@link #begin}.
   *
   * @param promptBytes length of the client's body as the ticket announced it
   * @param inbox where the runtime puts what it makes
   */
  public AttemptLife(
      NodeSettings settings,
      AttemptId attempt,
      long promptBytes,
      ChunkInbox inbox,
      Port port,
      long now) {
    var stream = settings.stream();
    this.settings = settings;
    this.attempt = attempt;
    this.promptBytes = promptBytes;
    this.inbox = inbox;
    this.port = port;
    this.out = new EdgeStream(attempt, port::tell, port::buffered, stream);
    this.prompt = new PromptBuffer(promptBytes, stream.promptMax(), stream.promptCredit());
    this.heardNanos = now;
    this.tickNanos = now;
  }

  /** Whether the last word is said and everything sent has been acknowledged. */
  public boolean isOver() {
    return over;
  }

  /** Offers itself to its edge. */
  public void begin() {
    long max = settings.stream().promptMax();
    if (promptBytes > max) {
      var bounds = "the prompt has %d bytes, this node takes %d (broke.node.prompt-max)";
      fail(tooLarge(bounds.formatted(promptBytes, max)));
    } else {
      offer();
    }
  }

  /** The ticket came again, perhaps for another edge. */
  public void again() {
    offer();
  }

  private void offer() {
    port.offer(prompt == null ? 0 : prompt.allowed());
  }

  /** A piece of the prompt came. */
  public void piece(PromptPiece piece, long now) {
    if (prompt == null || over) {
      return;
    }
    heardNanos = now;
    switch (prompt.add(piece)) {
      case MORE -> prompt.creditDue().ifPresent(out::credit);
      case COMPLETE -> prompted(now);
      case REPEATED -> {}
      case GAP -> fail(AttemptFailure.of(Kind.NODE_LOST, "prompt_piece_lost", "a piece was lost"));
      case TOO_LARGE -> fail(tooLarge("the prompt is larger than announced"));
    }
  }

  private static AttemptFailure tooLarge(String message) {
    return AttemptFailure.of(Kind.BAD_REQUEST, "prompt_too_large", message);
  }

  private void prompted(long now) {
    phase = Phase.SLOT;
    watch.prompted(now);
    port.promptComplete();
  }

  /** The node gives it a slot. */
  public void slotGranted(long now) {
    if (over) {
      return;
    }
    watch.slotted(now);
    phase = Phase.LOADING;
    var claim = port.acquire();
    lease = claim;
    var ready = claim.ready().toCompletableFuture();
    if (ready.isDone() && !ready.isCompletedExceptionally()) {
      start(claim, now);
    } else {
      out.progress(EdgeProtocol.Phase.LOADING, port.loadShare());
      port.await(ready);
    }
  }

  /** The model is loaded, or cannot be. */
  public void loaded(@Nullable Throwable failure, long now) {
    var claim = lease;
    if (over || phase != Phase.LOADING || claim == null) {
      return;
    }
    if (failure != null) {
      var reason = String.valueOf(failure.getMessage());
      fail(AttemptFailure.of(Kind.LOAD_FAILED, "model_load_failed", reason));
    } else {
      start(claim, now);
    }
  }

  private void start(Lease claim, long now) {
    var complete = Objects.requireNonNull(prompt, "an attempt started twice");
    prompt = null;
    phase = Phase.RUNNING;
    heardNanos = now;
    watch.started(now);
    out.progress(EdgeProtocol.Phase.PREFILL, null);
    try {
      var begun = port.start(claim, complete);
      generation = begun;
      begun.request(settings.stream().chunkCredit());
    } catch (IOException e) {
      var message = String.valueOf(e.getMessage());
      fail(AttemptFailure.of(Kind.BAD_REQUEST, "invalid_body", message));
    }
  }

  /** Something is in the inbox. */
  public void arrived(long now) {
    var running = generation;
    if (running == null) {
      return;
    }
    var content = inbox.take();
    heardNanos = now;
    if (content.prefill() != null) {
      out.progress(EdgeProtocol.Phase.PREFILL, content.prefill());
    }
    for (var chunk : content.chunks()) {
      var failure = out.take(chunk, now);
      if (failure != null) {
        fail(failure);
        return;
      }
    }
    out.send(now);
    if (content.end() != null) {
      ended(content.end(), now);
    } else if (content.failure() != null) {
      broken(content.failure(), now);
    } else {
      running.request(content.chunks().size());
    }
  }

  private void ended(ChunkInbox.End end, long now) {
    watch.ended(inbox, now);
    if (lease != null) {
      lease.measured(watch.measurement(end.usage()));
    }
    port.completed(end.usage());
    flush(
        batches ->
            new EdgeProtocol.AttemptEnded(
                attempt,
                batches,
                end.reason(),
                end.usage(),
                watch.waitedMs(),
                watch.loadMs(),
                watch.prefillMs(),
                watch.decodeMs()),
        now);
  }

  private void broken(AttemptFailure failure, long now) {
    port.failed(failure.kind());
    flush(batches -> new EdgeProtocol.AttemptFailed(attempt, batches, failure), now);
  }

  /** The runtime has ended: its slot is free, the edge gets the rest as it takes it. */
  private void flush(LongFunction<EdgeProtocol.Command> lastWord, long now) {
    phase = Phase.FLUSHING;
    generation = null;
    closeLease();
    port.slotFree();
    out.finish(lastWord, now);
    over = out.done();
  }

  /** The edge has handed on every batch up to this one. */
  public void acknowledged(long sequence, long now) {
    if (!over) {
      out.ack(sequence, now);
      over = out.done();
    }
  }

  /** Time has passed. */
  public void tick(long now) {
    if (over) {
      return;
    }
    forgiveOwnSleep(now);
    askToMove(now);
    switch (phase) {
      case PROMPT -> tickPrompt(now);
      case SLOT -> out.progress(EdgeProtocol.Phase.WAITING, null);
      case LOADING -> out.progress(EdgeProtocol.Phase.LOADING, port.loadShare());
      case RUNNING, FLUSHING -> tickStream(now);
    }
  }

  /** The node is leaving, and would like its edge to move the attempt; null if it stays. */
  public void leaving(@Nullable Leaving plan, long now) {
    leaving = plan;
    askToMove(now);
  }

  private void askToMove(long now) {
    var plan = phase == Phase.FLUSHING ? null : leaving;
    if (plan != null && plan.asks(out.taken(), now - inbox.firstNanos(now), now)) {
      port.tell(new EdgeProtocol.HandOver(attempt, plan.reason()));
    }
  }

  /** A tick that comes late means that this machine slept: nobody else is blamed for that time. */
  private void forgiveOwnSleep(long now) {
    boolean slept = passed(tickNanos, settings.readyInterval().plus(settings.lateTick()), now);
    tickNanos = now;
    if (slept) {
      heardNanos = now;
      out.forgive(now);
    }
  }

  private void tickPrompt(long now) {
    var limit = settings.stream().promptTimeout();
    if (passed(heardNanos, limit, now)) {
      var why = "no piece of the prompt came for " + limit.toSeconds() + " s";
      fail(AttemptFailure.of(Kind.NODE_LOST, "prompt_timeout", why));
    } else if (prompt != null && !prompt.begun()) {
      offer();
    }
  }

  private void tickStream(long now) {
    var silence = settings.stream().runtimeSilence();
    if (out.stuck(now)) {
      fail(EdgeStream.slowClient());
    } else if (phase == Phase.RUNNING && passed(heardNanos, silence, now)) {
      var message = "the runtime was silent for " + silence.toSeconds() + " s";
      fail(AttemptFailure.of(Kind.STALLED, "runtime_silent", message));
    }
  }

  /** The node stops it; with a failure the edge is told of that. */
  public void abort(@Nullable AttemptFailure failure) {
    if (over) {
      return;
    }
    if (failure != null) {
      fail(failure);
      return;
    }
    if (phase != Phase.FLUSHING) {
      port.cancelled();
    }
    out.forget();
    over = true;
  }

  /** Ends now; what has not been sent is dropped. */
  private void fail(AttemptFailure failure) {
    if (!out.over() && (phase != Phase.FLUSHING || failure.kind() == Kind.SLOW_CLIENT)) {
      port.failed(failure.kind());
    }
    out.fail(failure);
    over = true;
  }

  /** Gives everything back; to be called once, whether it is over or its owner broke. */
  public void close() {
    over = true;
    if (generation != null) {
      generation.cancel();
    }
    closeLease();
    out.close();
    // Only where the owner broke has the last word not been said by now.
    out.fail(AttemptFailure.of(Kind.NODE_LOST, "attempt_lost", "the node lost the attempt"));
  }

  private void closeLease() {
    if (lease != null) {
      lease.close();
      lease = null;
    }
  }

  private static boolean passed(long since, Duration limit, long now) {
    return now - since > limit.toNanos();
  }
}
