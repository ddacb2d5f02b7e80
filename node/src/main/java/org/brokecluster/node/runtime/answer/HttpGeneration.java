package org.brokecluster.node.runtime.answer;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.node.runtime.http.Exchange;
import org.brokecluster.node.runtime.http.HttpClient;
import org.brokecluster.node.runtime.http.HttpRequest;
import org.brokecluster.node.runtime.http.ResponseHandler;
import org.brokecluster.node.runtime.http.ResponseHead;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One answer from a model server. Demand, cancel and failures from outside may come from any
 * thread; everything else, and every call of the listener, happens on the HTTP client's thread.
 * While the listener wants no more, nothing more is read from the network.
 */
public final class HttpGeneration implements Generation, ResponseHandler {
  private static final Logger LOG = LoggerFactory.getLogger(HttpGeneration.class);

  private final GenerationListener listener;
  private final long graceNanos;
  private final Consumer<HttpGeneration> onOver;
  private final Exchange exchange;
  private final AtomicLong demand = new AtomicLong();
  private volatile @Nullable AnswerStream stream;
  private volatile @Nullable AttemptFailure refusal;
  private volatile boolean cancelled;
  private volatile boolean starved;

  private long granted;
  private boolean over;
  private boolean bodyEnded;
  private long graceEnds;

  /**
   * A generation that has not begun.
   *
   * @param grace time for counts and the end once the finish reason is known
   * @param onOver hears once or more, on any thread, that nothing more will come
   */
  public HttpGeneration(
      GenerationListener listener,
      HttpClient client,
      Duration grace,
      Consumer<HttpGeneration> onOver) {
    this.listener = listener;
    this.graceNanos = grace.toNanos();
    this.onOver = onOver;
    this.exchange = client.exchange(this);
  }

  /** Sends the request, whose answer the stream will understand. Called once at most. */
  public void send(HttpRequest request, AnswerStream answer) {
    stream = answer;
    if (!cancelled && refusal == null) {
      exchange.send(request);
    }
  }

  /** Ends the answer with a failure, from any thread. */
  public void refuse(AttemptFailure failure) {
    refusal = failure;
    exchange.resume();
  }

  @Override
  public void request(long chunks) {
    if (chunks <= 0) {
      return;
    }
    demand.accumulateAndGet(chunks, (now, more) -> now + more < 0 ? Long.MAX_VALUE : now + more);
    if (starved) {
      exchange.resume();
    }
  }

  @Override
  public void cancel() {
    if (!cancelled) {
      cancelled = true;
      onOver.accept(this);
      exchange.cancel();
    }
  }

  @Override
  public void onHead(ResponseHead head) {
    answer().onHead(head, Instant.now());
    advance();
  }

  @Override
  public void onBody(ByteBuffer bytes) {
    if (over || cancelled) {
      bytes.position(bytes.limit());
      return;
    }
    answer().add(bytes);
    advance();
  }

  @Override
  public void onEnd() {
    bodyEnded = true;
    advance();
  }

  @Override
  public void onError(Problem problem, String message) {
    bodyEnded = true;
    answer().onTransportError(failure(problem, message));
    advance();
  }

  @Override
  public boolean wantsMore() {
    return !starved;
  }

  @Override
  public void onResume() {
    advance();
  }

  @Override
  public void onTick(long nanos) {
    if (graceEnds != 0 && nanos - graceEnds >= 0) {
      answer().stopWaiting();
      advance();
      if (over) {
        exchange.cancel();
      }
    }
  }

  /** Hands on what can be handed on; a listener that breaks costs its own answer only. */
  private void advance() {
    try {
      step();
    } catch (RuntimeException e) {
      LOG.error("a listener broke, its answer is cancelled", e);
      cancel();
    }
  }

  private void step() {
    starved = false;
    var why = refusal;
    if (why != null && !over) {
      refused(why);
    }
    var answer = stream;
    while (answer != null && !cancelled && !over) {
      if (answer.takeLife()) {
        listener.onPrefill(answer.prefillShare());
      } else if (!answer.ready().isEmpty()) {
        if (!takeDemand()) {
          return;
        }
        listener.onChunk(answer.ready().remove());
      } else if (answer.ended()) {
        end(answer);
      } else if (!answer.advance()) {
        if (!bodyEnded) {
          waitForEnd(answer.finished());
          return;
        }
        answer.onBodyEnd();
      }
    }
  }

  /** Something outside ends the answer; what is ready but not handed on is dropped. */
  private void refused(AttemptFailure why) {
    if (!cancelled) {
      over = true;
      onOver.accept(this);
      exchange.cancel();
      listener.onFailure(why);
    }
  }

  private AnswerStream answer() {
    return Objects.requireNonNull(stream, "an answer to nothing");
  }

  private boolean takeDemand() {
    if (granted == 0) {
      starved = true;
      granted = demand.getAndSet(0);
      if (granted == 0) {
        return false;
      }
      starved = false;
    }
    granted--;
    return true;
  }

  private void waitForEnd(boolean soon) {
    if (soon && graceEnds == 0) {
      graceEnds = Math.max(1, System.nanoTime() + graceNanos);
    }
  }

  private void end(AnswerStream answer) {
    over = true;
    onOver.accept(this);
    var failure = answer.failure();
    if (failure == null) {
      if (answer.cutShort()) {
        exchange.cancel();
      } else {
        // The few bytes behind the end are read, so that the connection can be used again.
        waitForEnd(!bodyEnded);
      }
      listener.onEnd(answer.reason(), answer.usage());
    } else {
      exchange.cancel();
      listener.onFailure(failure);
    }
  }

  private static AttemptFailure failure(Problem problem, String message) {
    return switch (problem) {
      case UNREACHED ->
          AttemptFailure.of(
              Kind.RUNTIME_UNREACHABLE,
              "connection_refused",
              "the runtime cannot be reached: " + message);
      case CLOSED ->
          AttemptFailure.of(
              Kind.RUNTIME_UNREACHABLE,
              "connection_closed",
              "the runtime broke the connection: " + message);
      case MALFORMED ->
          AttemptFailure.of(
              Kind.RUNTIME_ERROR, "not_http", "the runtime does not speak HTTP: " + message);
    };
  }
}
