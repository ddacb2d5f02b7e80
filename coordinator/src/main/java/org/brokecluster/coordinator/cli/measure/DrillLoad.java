package org.brokecluster.coordinator.cli.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.brokecluster.coordinator.cli.client.EdgeClient;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.collect.TextSource;
import org.brokecluster.shared.cli.VerbException;

/**
 * Asks for one streamed answer after the other, on several connections, until it is told to stop:
 * the traffic that a drill is watched with. Its requests take turns on all machines.
 */
final class DrillLoad {
  private static final Map<String, String> HEADERS =
      Map.of("x-broke-strategy", "round-robin", "x-broke-framework", TextSource.OWN_LOAD);
  private static final int PROMPT_TOKENS = 32;
  private static final long PAUSE_MS = 100;

  private final Asking asking;
  private final int tokens;
  private final List<TimedAnswer> stories = new ArrayList<>();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();

  /** A load of one model, with answers of so many tokens at the most. */
  DrillLoad(EdgeClient client, String model, int tokens) {
    this.asking = new Asking(client, model, HEADERS);
    this.tokens = tokens;
  }

  /** Begins with so many connections. */
  void start(int streams) {
    for (int i = 0; i < streams; i++) {
      long seed = System.nanoTime() ^ ((long) i << 48);
      var thread = new Thread(() -> work(seed), "drill-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  /** Begins nothing more, and waits for what is under way, at most so long. */
  List<TimedAnswer> finish(long seconds) {
    stop.countDown();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    for (var thread : threads) {
      try {
        thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw VerbException.failed("interrupted");
      }
    }
    return stories();
  }

  /** Requests that have ended so far. */
  List<TimedAnswer> stories() {
    synchronized (stories) {
      return List.copyOf(stories);
    }
  }

  private void work(long seed) {
    long next = seed;
    while (!stopped()) {
      var story = ask(BenchPrompt.of(next++, PROMPT_TOKENS));
      synchronized (stories) {
        stories.add(story);
      }
    }
  }

  private boolean stopped() {
    try {
      return stop.await(PAUSE_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private TimedAnswer ask(String prompt) {
    return asking.ask(prompt, tokens, Json.object().put("ignore_eos", true).put("seed", 1));
  }
}
