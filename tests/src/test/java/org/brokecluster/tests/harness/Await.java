package org.brokecluster.tests.harness;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what only the outside world brings about. */
public final class Await {
  private static final Duration STEP = Duration.ofMillis(100);

  private Await() {}

  /**
   * Waits for a condition; fails with what the logs say if it does not come true in time. A
   * condition that throws an {@link AssertionError} is asked again: most likely nobody listens yet.
   */
  public static void until(
      Duration limit, String what, BooleanSupplier condition, Supplier<String> logs) {
    long deadline = System.nanoTime() + limit.toNanos();
    AssertionError last = null;
    while (System.nanoTime() < deadline) {
      try {
        if (condition.getAsBoolean()) {
          return;
        }
      } catch (AssertionError e) {
        last = e;
      }
      pause(STEP);
    }
    throw new AssertionError("waited in vain: " + what + "\n" + logs.get(), last);
  }

  /** Lets time pass where only the outside world knows when it is enough. */
  public static void pause(Duration time) {
    try {
      new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
