package org.brokecluster.coordinator.cli.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.brokecluster.coordinator.cli.client.EdgeClient;
import org.brokecluster.coordinator.cli.client.EdgePath;
import org.brokecluster.coordinator.cli.client.ModelLoading;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.cli.text.ProgressLine;
import org.brokecluster.shared.cli.VerbException;

/** Measures one model on one machine that has nothing else to do. Blocks the caller. */
final class ModelBench {
  private static final int SINGLE_ROUNDS = 3;

  private final EdgeClient client;
  private final ProgressLine progress;
  private final Target target;
  private final Wanted wanted;

  /** A model on a machine, as {@code /api/nodes} tells of them. */
  record Target(JsonNode node, JsonNode model) {
    String nodeName() {
      return Json.text(node, "name");
    }

    String modelId() {
      return Json.text(model, "id");
    }

    /** What is measured. */
    ObjectNode json() {
      var json = Json.object().put("node", nodeName()).put("model", modelId());
      json.put("chip", Json.text(node, "chip")).put("simulated", Json.flag(model, "simulated"));
      Json.number(node, "memoryBytes").ifPresent(bytes -> json.put("memoryBytes", bytes));
      return json;
    }
  }

  /**
   * How it is to be measured.
   *
   * @param streams answers side by side, one measurement for each number
   * @param promptTokens length of each prompt
   * @param tokens longest answer
   * @param reload whether the model is loaded anew first
   * @param force whether it is measured although the machine has work
   */
  record Wanted(
      List<Integer> streams, int promptTokens, int tokens, boolean reload, boolean force) {
    /** Copies the list. */
    Wanted {
      streams = List.copyOf(streams);
    }
  }

  ModelBench(EdgeClient client, ProgressLine progress, Target target, Wanted wanted) {
    this.client = client;
    this.progress = progress;
    this.target = target;
    this.wanted = wanted;
  }

  /** Measures it; begins nothing more after the deadline, by {@link System#nanoTime}. */
  void into(ObjectNode result, long deadline) {
    int slots = (int) Json.number(target.model(), "slots").orElse(1);
    var counts = wanted.streams().stream().filter(n -> n <= slots).sorted().distinct().toList();
    if (counts.isEmpty()) {
      throw VerbException.failed(
          "%s on %s answers %d at a time: choose fewer with --streams"
              .formatted(target.modelId(), target.nodeName(), slots));
    }
    requireIdle();
    load().ifPresent(ms -> result.put("loadMs", ms));
    var load =
        new BenchLoad(
            client,
            target.nodeName(),
            target.modelId(),
            wanted.promptTokens(),
            wanted.tokens(),
            System.nanoTime() ^ (System.currentTimeMillis() << 20));
    progress.show(label("warming up"));
    load.warmUp();
    var levels = result.putArray("levels");
    for (int count : counts) {
      if (System.nanoTime() > deadline) {
        result.put("stopped", "the time given with --seconds is over");
        break;
      }
      progress.show(label(count == 1 ? "one answer alone" : count + " answers side by side"));
      levels.add(level(load, count).json());
    }
  }

  /** A single answer is timed more than once, so that one hiccup does not decide. */
  private static BenchLevel level(BenchLoad load, int count) {
    if (count > 1) {
      return load.level(count);
    }
    var answers = new ArrayList<TimedAnswer>();
    double seconds = 0;
    for (int round = 0; round < SINGLE_ROUNDS; round++) {
      var one = load.level(1);
      answers.addAll(one.answers());
      seconds += one.wallSeconds();
    }
    return new BenchLevel(1, answers, seconds);
  }

  private String label(String doing) {
    return "%s, %s: %s".formatted(target.nodeName(), target.modelId(), doing);
  }

  private void requireIdle() {
    var now = client.get(EdgePath.ofNode(target.nodeName()).text());
    long working = Json.number(now, "running").orElse(0) + Json.number(now, "queued").orElse(0);
    if (working > 0 && !wanted.force()) {
      throw VerbException.failed(
          "%s has work (%d answers): measure later, or with --force"
              .formatted(target.nodeName(), working));
    }
  }

  /** Loads the model if need be; how long that took, in milliseconds. */
  private OptionalLong load() {
    boolean loaded = Json.text(target.model(), "state").equals("loaded");
    if (loaded && !wanted.reload()) {
      return OptionalLong.empty();
    }
    if (loaded) {
      var body = Json.object().put("model", target.modelId());
      accepted(client.order(target.nodeName(), "models/unload", body));
    }
    long began = System.nanoTime();
    accepted(new ModelLoading(client, progress).load(target.nodeName(), target.modelId()));
    return OptionalLong.of(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
  }

  private void accepted(JsonNode answer) {
    if (!Json.flag(answer, "accepted")) {
      throw VerbException.failed(target.nodeName() + ": " + Json.text(answer, "message"));
    }
  }
}
