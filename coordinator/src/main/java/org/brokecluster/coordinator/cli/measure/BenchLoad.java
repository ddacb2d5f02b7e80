package org.brokecluster.coordinator.cli.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.brokecluster.coordinator.cli.client.EdgeClient;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.collect.TextSource;
import org.brokecluster.shared.cli.VerbException;
import org.jspecify.annotations.Nullable;

/**
 * Puts a load on one model of one machine and times the answers. Each answer has a thread and a
 * connection of its own; when this process ends, the connections do, and with them the answers.
 */
final class BenchLoad {
  private static final double NANOS = 1e9;

  private final Asking asking;
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
    this.asking =
        new Asking(
            client,
            model,
            Map.of(
                "x-broke-node",
                node,
                "x-broke-class",
                "batch",
                "x-broke-framework",
                TextSource.OWN_LOAD));
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
    var answers = new TimedAnswer[streams];
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

  private List<TimedAnswer> whole(TimedAnswer[] answers, int streams) {
    var whole = new ArrayList<TimedAnswer>();
    String failure = "no answer";
    for (var answer : answers) {
      var why = answer == null ? failure : untold(answer);
      if (answer != null && why == null) {
        whole.add(answer);
      } else {
        failure = String.valueOf(why);
      }
    }
    if (whole.size() < streams) {
      throw VerbException.failed(
          "%d of %d answers of %s on %s failed: %s"
              .formatted(streams - whole.size(), streams, model, node, failure));
    }
    return whole;
  }

  /** Why an answer tells no speed, or null if it does. */
  private static @Nullable String untold(TimedAnswer answer) {
    boolean counted = answer.tokens().isPresent() && answer.firstTokenMs().isPresent();
    return answer.answered() && !counted
        ? "the answer tells no number of tokens"
        : answer.failure();
  }

  private static void await(CountDownLatch done) {
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw VerbException.failed("interrupted");
    }
  }

  private TimedAnswer ask(String prompt, int maxTokens) {
    return asking.ask(prompt, maxTokens, Json.object());
  }
}
