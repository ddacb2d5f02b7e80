package org.brokecluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Waits for what other threads and processes bring about, however busy the machine is. */
public final class Soon {
  /** Long enough for anything that happens at all; what is to be quick is measured otherwise. */
  public static final Duration LIMIT = Duration.ofSeconds(60);

  private static final long STEP_MS = 2;

  private Soon() {}

  /** Waits until it is so, and leaves the processor to those waited for. */
  public static void await(String what, Callable<Boolean> condition) {
    long begun = System.nanoTime();
    var never = new Semaphore(0);
    try {
      while (!condition.call()) {
        assertThat(System.nanoTime() - begun).as(what).isLessThan(LIMIT.toNanos());
        assertThat(never.tryAcquire(STEP_MS, TimeUnit.MILLISECONDS)).isFalse();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted: " + what, e);
    } catch (Exception e) {
      throw new AssertionError(what, e);
    }
  }
}
