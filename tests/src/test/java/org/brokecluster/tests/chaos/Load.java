package org.brokecluster.tests.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Clients that ask one thing after another until they are told to stop. */
final class Load implements AutoCloseable {
  private static final Duration PAUSE_MAX = Duration.ofMillis(400);
  private static final int FAULTY_OF_TEN = 8;

  private final Client client;
  private final Supplier<String> now;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private final AtomicInteger faultsDue = new AtomicInteger();
  private final Summary summary = new Summary();

  /**
   * Starts so many clients.
   *
   * @param now names the moment of the run, for failures
   */
  static Load start(Client client, int clients, long seed, Supplier<String> now) {
    var load = new Load(client, now);
    for (int i = 0; i < clients; i++) {
      var random = new Random(seed * 1_000 + i);
      var thread = new Thread(() -> load.work(random), "client-" + i);
      thread.setDaemon(true);
      load.threads.add(thread);
      thread.start();
    }
    return load;
  }

  private Load(Client client, Supplier<String> now) {
    this.client = client;
    this.now = now;
  }

  /** The runtimes under the next requests break. */
  void breakRuntimes(int requests) {
    faultsDue.addAndGet(requests);
  }

  private void work(Random random) {
    while (running(random.nextInt((int) PAUSE_MAX.toMillis()))) {
      boolean faulty =
          random.nextInt(10) < FAULTY_OF_TEN
              && faultsDue.getAndUpdate(due -> Math.max(0, due - 1)) > 0;
      var began = now.get();
      var tale = client.run(Errand.next(random, faulty));
      note(tale, began);
    }
  }

  private boolean running(int pauseMs) {
    try {
      return !stop.await(pauseMs, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private synchronized void note(Tale tale, String began) {
    summary.add(tale);
    if (tale.wrong()) {
      wrong.add("%s, begun %s, ended %s".formatted(tale, began, now.get()));
    }
  }

  /** What has been experienced so far. */
  synchronized Summary summary() {
    return summary.copy();
  }

  /** What must never be, and was. */
  synchronized List<String> wrong() {
    return List.copyOf(wrong);
  }

  /** Lets every client finish what it has begun. */
  @Override
  public void close() {
    stop.countDown();
    for (var thread : threads) {
      try {
        thread.join(Duration.ofMinutes(3).toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
