package org.brokecluster.node.runtime.openai;

import java.net.ConnectException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One answer from a model server.
 *
 * <p>Signals come from many threads: bytes and ends from the HTTP client, demand and cancel from
 * the node, the grace timer. Each leaves its mark in a volatile field and calls {@link #drain};
 * whoever gets in first works until nothing is left, so that the listener hears one thread at a
 * time and nobody waits. At most one network buffer is asked for beyond what the listener can take.
 */
final class OpenAiGeneration implements Generation, BodyHandler<Void>, BodySubscriber<Void> {
  private static final Logger LOG = LoggerFactory.getLogger(OpenAiGeneration.class);

  private final GenerationListener listener;
  private final StreamWatch watch;
  private final AnswerStream stream;
  private final Consumer<OpenAiGeneration> onOver;
  private final AtomicInteger turns = new AtomicInteger();
  private final AtomicLong demand = new AtomicLong();
  private final CompletableFuture<Void> body = new CompletableFuture<>();

  private volatile Flow.@Nullable Subscription subscription;
  private volatile @Nullable CompletableFuture<?> exchange;
  private volatile @Nullable List<ByteBuffer> inbox;
  private volatile @Nullable ResponseInfo headers;
  private volatile @Nullable AttemptFailure refusal;
  private volatile @Nullable Throwable transportError;
  private volatile boolean bodyEnded;
  private volatile boolean cancelled;
  private volatile boolean graceOver;

  /** Written in a drain only, read from anywhere. */
  private volatile boolean over;

  private boolean headersTaken;
  private boolean asked;
  private boolean watched;

  /** A generation; {@code onOver} hears once, or more, that nothing more will come of it. */
  OpenAiGeneration(
      GenerationListener listener,
      AnswerStream stream,
      StreamWatch watch,
      Consumer<OpenAiGeneration> onOver) {
    this.onOver = onOver;
    this.listener = listener;
    this.stream = stream;
    this.watch = watch;
  }

  /** Remembers what to abort when the answer is cancelled before its headers came. */
  void exchange(CompletableFuture<?> future) {
    exchange = future;
    if (cancelled) {
      future.cancel(true);
    }
  }

  /** Ends the answer before anything was sent. */
  void failEarly(AttemptFailure failure) {
    refusal = failure;
    drain();
  }

  /** The exchange ended, well or not; also tells of ends before the headers. */
  void exchangeEnded(@Nullable Throwable error) {
    if (error != null) {
      transportError = error;
    }
    bodyEnded = true;
    drain();
  }

  /** The time is up that was given to {@link StreamWatch}. */
  void graceOver() {
    graceOver = true;
    drain();
  }

  @Override
  public void request(long chunks) {
    if (chunks > 0) {
      demand.accumulateAndGet(chunks, (now, more) -> now + more < 0 ? Long.MAX_VALUE : now + more);
      drain();
    }
  }

  @Override
  public void cancel() {
    if (!cancelled) {
      cancelled = true;
      onOver.accept(this);
      release();
    }
  }

  @Override
  public BodySubscriber<Void> apply(ResponseInfo info) {
    headers = info;
    drain();
    return this;
  }

  @Override
  public CompletionStage<Void> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    if (cancelled) {
      given.cancel();
    } else {
      drain();
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    inbox = buffers;
    drain();
  }

  @Override
  public void onError(Throwable error) {
    transportError = error;
    bodyEnded = true;
    body.complete(null);
    drain();
  }

  @Override
  public void onComplete() {
    bodyEnded = true;
    body.complete(null);
    drain();
  }

  private void drain() {
    if (turns.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      try {
        work();
      } catch (RuntimeException e) {
        LOG.error("a listener broke, its answer is cancelled", e);
        cancel();
      }
      seen = turns.addAndGet(-seen);
    } while (seen != 0);
  }

  private void work() {
    if (over) {
      skipRest();
      return;
    }
    takeSignals();
    advance();
  }

  private void takeSignals() {
    var info = headers;
    if (info != null && !headersTaken) {
      headersTaken = true;
      stream.onHeaders(info, Instant.now());
    }
    var why = refusal;
    if (why != null) {
      stream.fail(why);
      stream.ready().clear();
    }
  }

  /** Hands on what can be handed on, and asks for more where that is needed. */
  private void advance() {
    while (!cancelled && !over) {
      if (stream.takeLife()) {
        listener.onPrefill(stream.prefillShare());
      } else if (!stream.ready().isEmpty()) {
        if (!takeDemand()) {
          return;
        }
        listener.onChunk(stream.ready().remove());
      } else if (stream.ended() || (graceOver && stream.finished())) {
        end();
      } else if (!stream.advance() && !fill()) {
        return;
      }
    }
  }

  /** Gets more bytes into the stream; false if there are none for now. */
  private boolean fill() {
    var buffers = inbox;
    if (buffers != null) {
      inbox = null;
      asked = false;
      stream.add(buffers);
      return true;
    }
    if (bodyEnded) {
      stream.onBodyEnd(transportFailure());
      return true;
    }
    if (stream.finished() && !watched) {
      watched = true;
      watch.add(this);
    }
    var source = subscription;
    if (source != null && !asked) {
      asked = true;
      source.request(1);
    }
    return false;
  }

  private void end() {
    over = true;
    onOver.accept(this);
    var failure = stream.failure();
    if (failure == null) {
      listener.onEnd(stream.reason(), stream.usage());
    } else {
      listener.onFailure(failure);
    }
    if (failure != null || graceOver) {
      release();
    } else {
      skipRest();
    }
  }

  /** Reads the few bytes behind the end, so that the connection can be used again. */
  private void skipRest() {
    if (graceOver) {
      release();
      return;
    }
    if (inbox != null) {
      inbox = null;
      asked = false;
    }
    var source = subscription;
    if (bodyEnded || source == null) {
      return;
    }
    if (!watched) {
      watched = true;
      watch.add(this);
    }
    if (!asked) {
      asked = true;
      source.request(1);
    }
  }

  /** Closes the connection, unless the exchange has ended and the connection may be another's. */
  private void release() {
    if (!bodyEnded) {
      var source = subscription;
      var future = exchange;
      if (source != null) {
        source.cancel();
      } else if (future != null) {
        future.cancel(true);
      }
    }
    body.complete(null);
  }

  /** Whether nothing of it is open any more. */
  boolean closed() {
    return bodyEnded || cancelled;
  }

  private boolean takeDemand() {
    return demand.getAndUpdate(now -> now == Long.MAX_VALUE ? now : Math.max(0, now - 1)) > 0;
  }

  private @Nullable AttemptFailure transportFailure() {
    var error = transportError;
    if (error == null) {
      return null;
    }
    var cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    boolean unreached = cause instanceof ConnectException || cause instanceof HttpTimeoutException;
    var detail = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return AttemptFailure.of(
        Kind.RUNTIME_UNREACHABLE,
        unreached ? "connection_refused" : "connection_closed",
        (unreached ? "the runtime cannot be reached: " : "the runtime closed without an answer: ")
            + detail);
  }
}
