package org.brokecluster.node.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Collects an answer; pauses after each piece of the body if told to. */
final class RecordingHandler implements ResponseHandler {
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final CompletableFuture<String> over = new CompletableFuture<>();
  private final AtomicInteger ticks = new AtomicInteger();
  private volatile boolean stepwise;
  private volatile boolean paused;
  private volatile @Nullable ResponseHead head;

  /** Wants one piece after each resume only. */
  void stepwise() {
    stepwise = true;
  }

  ResponseHead head() {
    var known = head;
    if (known == null) {
      throw new AssertionError("no head");
    }
    return known;
  }

  synchronized String body() {
    return body.toString(StandardCharsets.UTF_8);
  }

  synchronized int bodySize() {
    return body.size();
  }

  int ticks() {
    return ticks.get();
  }

  boolean isOver() {
    return over.isDone();
  }

  /** How it ended: {@code end}, or the problem. */
  String awaitOver() throws Exception {
    return over.get(60, TimeUnit.SECONDS);
  }

  @Override
  public void onHead(ResponseHead given) {
    head = given;
  }

  @Override
  public synchronized void onBody(ByteBuffer bytes) {
    var piece = new byte[bytes.remaining()];
    bytes.get(piece);
    body.writeBytes(piece);
    paused = stepwise;
  }

  @Override
  public void onEnd() {
    assertThat(over.complete("end")).isTrue();
  }

  @Override
  public void onError(Problem problem, String message) {
    assertThat(over.complete(problem.name())).isTrue();
  }

  @Override
  public boolean wantsMore() {
    return !paused;
  }

  @Override
  public void onResume() {
    paused = false;
  }

  @Override
  public void onTick(long nanos) {
    ticks.incrementAndGet();
  }
}
