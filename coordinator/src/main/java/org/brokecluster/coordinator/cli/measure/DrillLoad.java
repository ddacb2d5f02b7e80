package org.brokecluster.coordinator.cli.measure;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
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
  private static final String PATH = "/v1/chat/completions";
  private static final Map<String, String> HEADERS =
      Map.of("x-broke-strategy", "round-robin", "x-broke-framework", TextSource.OWN_LOAD);
  private static final int PROMPT_TOKENS = 32;
  private static final long PAUSE_MS = 100;

  private final EdgeClient client;
  private final String model;
  private final int tokens;
  private final List<DrillStory> stories = new ArrayList<>();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();

  /** A load of one model, with answers of so many tokens at the most. */
  DrillLoad(EdgeClient client, String model, int tokens) {
    this.client = client;
    this.model = model;
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
  List<DrillStory> finish(long seconds) {
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
  List<DrillStory> stories() {
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

  private DrillStory ask(String prompt) {
    long began = System.nanoTime();
    var story = new DrillStory(began, "", 0);
    try (var reply = client.ask(PATH, body(prompt), HEADERS);
        var lines = reply.lines()) {
      int attempts = reply.header("x-broke-attempts").map(Integer::parseInt).orElse(0);
      story = new DrillStory(began, reply.header("x-broke-node").orElse(""), attempts);
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        story.accept(line, System.nanoTime());
      }
    } catch (IOException e) {
      story.broke("the connection broke: " + e.getMessage(), System.nanoTime());
    } catch (VerbException e) {
      story.broke(String.valueOf(e.getMessage()), System.nanoTime());
    }
    return story;
  }

  private JsonNode body(String prompt) {
    var body = Json.object().put("model", model).put("stream", true).put("max_tokens", tokens);
    body.put("ignore_eos", true).put("seed", 1);
    body.set(
        "messages", Json.array().add(Json.object().put("role", "user").put("content", prompt)));
    return body;
  }
}
