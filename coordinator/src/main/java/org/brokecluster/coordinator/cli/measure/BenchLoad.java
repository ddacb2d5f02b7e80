package org.brokecluster.coordinator.cli.measure;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.brokecluster.coordinator.cli.client.EdgeClient;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.collect.TextSource;
import org.brokecluster.shared.cli.VerbException;

/**
 * Puts a load on one model of one machine and times the answers. Each answer has a thread and a
 * connection of its own; when this process ends, the connections do, and with them the answers.
 */
final class BenchLoad {
  private static final String PATH = "/v1/chat/completions";
  private static final double NANOS = 1e9;

  private final EdgeClient client;
  private final String node;
  private final String model;
  private final int promptTokens;
  private final int tokens;
  private long seed;

  /**
   * A load that has not begun.
   *
   * @param seed makes the prompts unlike those of any earlier run
   */
  BenchLoad(EdgeClient client, String node, String model, int promptTokens, int tokens, long seed) {
    this.client = client;
    this.node = node;
    this.model = model;
    this.promptTokens = promptTokens;
    this.tokens = tokens;
    this.seed = seed;
  }

  /** One short answer that is not counted: the first after a load is slower than all others. */
  void warmUp() {
    var stream = ask(BenchPrompt.of(++seed, 16), 8);
    if (stream.failure() != null) {
      throw VerbException.failed(node + " does not answer with " + model + ": " + stream.failure());
    }
  }

  /** So many answers side by side. */
  BenchLevel level(int streams) {
    var answers = new BenchStream[streams];
    var done = new CountDownLatch(streams);
    long began = System.nanoTime();
    for (int i = 0; i < streams; i++) {
      int index = i;
      var prompt = BenchPrompt.of(++seed, promptTokens);
      var thread =
          new Thread(
              () -> {
                try {
                  answers[index] = ask(prompt, tokens);
                } finally {
                  done.countDown();
                }
              },
              "bench-" + i);
      thread.setDaemon(true);
      thread.start();
    }
    await(done);
    double seconds = (System.nanoTime() - began) / NANOS;
    return new BenchLevel(streams, whole(answers, streams), seconds);
  }

  private List<BenchStream> whole(BenchStream[] answers, int streams) {
    var whole = new ArrayList<BenchStream>();
    String failure = "no answer";
    for (var answer : answers) {
      if (answer != null && answer.failure() == null) {
        whole.add(answer);
      } else if (answer != null) {
        failure = String.valueOf(answer.failure());
      }
    }
    if (whole.size() < streams) {
      throw VerbException.failed(
          "%d of %d answers of %s on %s failed: %s"
              .formatted(streams - whole.size(), streams, model, node, failure));
    }
    return whole;
  }

  private static void await(CountDownLatch done) {
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw VerbException.failed("interrupted");
    }
  }

  private BenchStream ask(String prompt, int maxTokens) {
    var stream = new BenchStream(System.nanoTime());
    var headers =
        Map.of(
            "x-broke-node",
            node,
            "x-broke-class",
            "batch",
            "x-broke-framework",
            TextSource.OWN_LOAD);
    try (var reply = client.ask(PATH, body(prompt, maxTokens), headers);
        var lines = reply.lines()) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        stream.accept(line, System.nanoTime());
      }
    } catch (IOException e) {
      stream.broke("the connection broke: " + e.getMessage());
    } catch (VerbException e) {
      stream.broke(String.valueOf(e.getMessage()));
    }
    return stream;
  }

  private JsonNode body(String prompt, int maxTokens) {
    var body = Json.object().put("model", model).put("stream", true).put("max_tokens", maxTokens);
    body.set("stream_options", Json.object().put("include_usage", true));
    body.set(
        "messages", Json.array().add(Json.object().put("role", "user").put("content", prompt)));
    return body;
  }
}
