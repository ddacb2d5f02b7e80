package org.brokecluster.node.runtime.openai;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Ends streams that have given their finish reason and then neither go on nor close. One slow tick
 * for all of them, since almost none needs it. Bounded by the number of open answers.
 */
final class StreamWatch {
  private static final long TICK_MILLIS = 250;

  private final Map<OpenAiGeneration, Long> deadlines = new ConcurrentHashMap<>();
  private final long graceNanos;

  StreamWatch(Duration grace, ScheduledExecutorService timer) {
    this.graceNanos = grace.toNanos();
    var ticking =
        timer.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    if (ticking.isCancelled()) {
      throw new IllegalStateException("the timer is closed");
    }
  }

  /** Gives a stream the grace from now on. */
  void add(OpenAiGeneration generation) {
    deadlines.put(generation, System.nanoTime() + graceNanos);
  }

  private void tick() {
    long now = System.nanoTime();
    deadlines.entrySet().removeIf(entry -> settled(entry.getKey(), now - entry.getValue() >= 0));
  }

  private static boolean settled(OpenAiGeneration generation, boolean expired) {
    if (expired && !generation.closed()) {
      generation.graceOver();
    }
    return expired || generation.closed();
  }
}
