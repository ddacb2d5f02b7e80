package org.brokecluster.node;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import org.brokecluster.node.attempt.StreamSettings;
import org.brokecluster.node.attempt.TokenWindow;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.node.TokenChunk;
import org.jspecify.annotations.Nullable;

/**
 * An attempt's way out: batches of tokens as the edge's window allows, then one last word. Pure;
 * used by one attempt only.
 */
final class EdgeStream {
  private final AttemptId attempt;
  private final Duration ackTimeout;
  private final TokenWindow window;
  private final Consumer<EdgeProtocol.Command> edge;
  private final LongConsumer meter;
  private @Nullable LongFunction<EdgeProtocol.Command> lastWord;
  private boolean over;
  private long ackNanos;
  private long metered;
  private long taken;

  /**
   * A stream of which nothing is sent.
   *
   * @param edge takes every message
   * @param meter takes changes of what is buffered, in bytes
   */
  EdgeStream(
      AttemptId attempt,
      Consumer<EdgeProtocol.Command> edge,
      LongConsumer meter,
      StreamSettings settings) {
    this.attempt = attempt;
    this.edge = edge;
    this.meter = meter;
    this.ackTimeout = settings.ackTimeout();
    this.window = new TokenWindow(settings);
  }

  /**
   * Says what goes on before the first token.
   *
   * @param share part that is done, 0 to 1; negative or null if unknown
   */
  void progress(EdgeProtocol.Phase phase, @Nullable Double share) {
    var known = share == null || share < 0 ? null : Double.valueOf(Math.min(1, share));
    edge.accept(new EdgeProtocol.Progress(attempt, phase, known));
  }

  /** Allows pieces of the prompt up to this one. */
  void credit(int sequence) {
    edge.accept(new EdgeProtocol.PromptCredit(attempt, sequence));
  }

  /** Takes a chunk, to be sent by the next {@link #send}; or tells why the stream cannot go on. */
  @Nullable AttemptFailure take(TokenChunk chunk, long now) {
    taken++;
    var added = window.add(chunk);
    if (added == TokenWindow.Added.FULL) {
      send(now);
      added = window.full() ? TokenWindow.Added.FULL : TokenWindow.Added.FITS;
    }
    return switch (added) {
      case FITS -> null;
      case FULL -> slowClient();
      case UNSENDABLE ->
          AttemptFailure.of(
              Kind.RUNTIME_ERROR, "chunk_too_large", "the runtime sent a piece beyond all bounds");
    };
  }

  /** Sends what the window allows. */
  void send(long now) {
    for (var batch = window.next(); batch != null; batch = window.next()) {
      if (window.outstanding() == 1) {
        ackNanos = now;
      }
      edge.accept(new EdgeProtocol.TokenBatch(attempt, window.sequence(), batch, window.tokens()));
    }
    if (lastWord != null && window.allSent()) {
      edge.accept(lastWord.apply(window.sequence()));
      lastWord = null;
      over = true;
    }
    meter(window.buffered());
  }

  /** Takes an acknowledgement and sends what it makes room for. */
  void ack(long sequence, long now) {
    if (window.ack(sequence)) {
      ackNanos = now;
      send(now);
    }
  }

  /**
   * Says a last word behind everything taken so far, as soon as the window lets it.
   *
   * @param word makes it of the number of batches sent
   */
  void finish(LongFunction<EdgeProtocol.Command> word, long now) {
    lastWord = word;
    send(now);
  }

  /** Breaks off at once: what has not been sent is dropped. Nothing if the last word is said. */
  void fail(AttemptFailure failure) {
    if (!over) {
      over = true;
      edge.accept(new EdgeProtocol.AttemptFailed(attempt, window.sequence(), failure));
    }
  }

  /** Breaks off at once without a word, since nobody listens any more. */
  void forget() {
    over = true;
  }

  /** Chunks taken so far, about one token each. */
  long taken() {
    return taken;
  }

  /** Whether the last word is said. */
  boolean over() {
    return over;
  }

  /** Whether the last word is said and every batch before it acknowledged. */
  boolean done() {
    return over && window.outstanding() == 0;
  }

  /** Whether something waits for the edge, which has acknowledged nothing for too long. */
  boolean stuck(long now) {
    boolean waits = over || !window.allSent();
    return waits && window.outstanding() > 0 && now - ackNanos > ackTimeout.toNanos();
  }

  /** Counts the edge's silence from now on. */
  void forgive(long now) {
    ackNanos = now;
  }

  /** Gives back what is counted as buffered. */
  void close() {
    meter(0);
  }

  private void meter(long buffered) {
    meter.accept(buffered - metered);
    metered = buffered;
  }

  static AttemptFailure slowClient() {
    return AttemptFailure.of(
        Kind.SLOW_CLIENT, "slow_client", "the client reads more slowly than the node may buffer");
  }
}
