package org.brokecluster.coordinator.cli.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.brokecluster.coordinator.cli.client.EdgeClient;
import org.brokecluster.coordinator.cli.client.EdgeFlags;
import org.brokecluster.coordinator.cli.measure.ModelBench.Target;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.cli.text.ProgressLine;
import org.brokecluster.coordinator.cli.text.SpeedText;
import org.brokecluster.coordinator.cli.text.Table;
import org.brokecluster.shared.cli.ExitCode;
import org.brokecluster.shared.cli.VerbException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./broke bench}: measures on purpose how fast machines are with their models. */
@Command(
    name = "bench",
    description = {
      "Measure how fast machines are with their models: one answer alone, then 2, 4 ... at a time.",
      "",
      "  ./broke bench --node studio --model mlx-community/Qwen3-4B-4bit",
      "  ./broke bench                 all machines, each with its loaded models",
      "",
      "A machine that works is left alone; the others are measured, and the exit code is 1."
          + " A machine remembers what is measured and plans with it. Ctrl-C stops it at once.",
      ""
    },
    sortOptions = false)
final class BenchCommand implements Callable<Integer> {
  @Option(names = "--node", paramLabel = "NAME", description = "Only this machine.")
  private @Nullable String node;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "Only this model; it is loaded if need be. Default: the loaded ones.")
  private @Nullable String model;

  @Option(
      names = "--streams",
      paramLabel = "N",
      split = ",",
      description = "Answers side by side. Default: 1,2,4,8 as far as the model has slots.")
  private List<Integer> streams = List.of(1, 2, 4, 8);

  @Option(
      names = "--prompt",
      paramLabel = "N",
      description = "Tokens of each prompt. Default: 512.")
  private int promptTokens = 512;

  @Option(names = "--tokens", paramLabel = "N", description = "Longest answer. Default: 128.")
  private int tokens = 128;

  @Option(
      names = "--reload",
      description = "Load the model anew first, to measure how long that takes.")
  private boolean reload;

  @Option(names = "--force", description = "Measure although the machine has work.")
  private boolean force;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Begin nothing more after this time. Default: 900.")
  private int secondsMax = 900;

  @Option(
      names = "--sequential",
      description = "One machine after the other, where their network is slow.")
  private boolean sequential;

  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    check();
    var client = edge.client();
    var progress = ProgressLine.on(edge.err());
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(secondsMax);
    var machines = new ArrayList<Callable<List<ObjectNode>>>();
    for (var models : byMachine(targets(client)).values()) {
      machines.add(() -> measured(client, progress, models, deadline));
    }
    var results = Json.array();
    new SideBySide(sequential ? 1 : machines.size()).run(machines).forEach(results::addAll);
    progress.clear();
    edge.print(results, BenchCommand::render);
    return failures(results) ? ExitCode.FAILED : ExitCode.OK;
  }

  /** Whether anything could not be measured; with why, unless it is in the answer itself. */
  private boolean failures(JsonNode results) {
    boolean some = false;
    for (var result : results) {
      var why = Json.find(result, "failure");
      some |= why.isPresent();
      if (why.isPresent() && !edge.json()) {
        edge.err().println(why.get().asText());
      }
    }
    return some;
  }

  private static Map<String, List<Target>> byMachine(List<Target> targets) {
    var machines = new LinkedHashMap<String, List<Target>>();
    targets.forEach(t -> machines.computeIfAbsent(t.nodeName(), n -> new ArrayList<>()).add(t));
    return machines;
  }

  /**
   * Models of one machine are never measured at the same time: they would share it. What cannot be
   * measured keeps nothing else from being.
   */
  private List<ObjectNode> measured(
      EdgeClient client, ProgressLine progress, List<Target> models, long deadline) {
    var results = new ArrayList<ObjectNode>();
    for (var target : models) {
      var result = target.json();
      results.add(result);
      try {
        new ModelBench(client, progress, target, wanted()).into(result, deadline);
      } catch (VerbException e) {
        result.put("failure", e.getMessage());
      }
    }
    return results;
  }

  private ModelBench.Wanted wanted() {
    return new ModelBench.Wanted(streams, promptTokens, tokens, reload, force);
  }

  private void check() {
    if (streams.isEmpty() || streams.stream().anyMatch(n -> n < 1 || n > 64)) {
      throw VerbException.misuse("--streams takes numbers from 1 to 64, such as 1,2,4");
    }
    if (promptTokens < 16 || promptTokens > 100_000 || tokens < 2 || tokens > 8192) {
      throw VerbException.misuse("--prompt takes 16 to 100000, --tokens 2 to 8192");
    }
  }

  private List<Target> targets(EdgeClient client) {
    var targets = new ArrayList<Target>();
    for (var each : Json.list(client.get("/api/nodes"), "nodes")) {
      if (Json.text(each, "state").equals("up")
          && (node == null || Json.text(each, "name").equals(node))) {
        for (var candidate : Json.list(each.path("models"))) {
          if (wanted(candidate)) {
            targets.add(new Target(each, candidate));
          }
        }
      }
    }
    if (targets.isEmpty()) {
      throw VerbException.failed(
          "nothing to measure: no machine that is up has %s%s; see ./broke models"
              .formatted(
                  model == null ? "a loaded model" : "the model " + model,
                  node == null ? "" : " (asked for: " + node + ")"));
    }
    return targets;
  }

  private boolean wanted(JsonNode candidate) {
    return model == null
        ? Json.text(candidate, "state").equals("loaded")
        : Json.text(candidate, "id").equals(model);
  }

  static String render(JsonNode results) {
    var table =
        new Table(
            "machine",
            "chip",
            "model",
            ">load",
            ">streams",
            ">first token",
            ">prefill",
            ">decode each",
            ">all");
    for (var result : Json.list(results)) {
      for (var level : Json.list(result.path("levels"))) {
        table.row(
            Json.text(result, "node"),
            Json.text(result, "chip") + (Json.flag(result, "simulated") ? " (simulated)" : ""),
            Json.text(result, "model"),
            Json.millis(result, "loadMs"),
            Json.text(level, "streams"),
            Json.millis(level, "firstTokenMs"),
            rate(Json.decimal(level, "prefillTokensPerSecond")),
            rate(Json.decimal(level, "decodeTokensPerSecond")),
            rate(Json.decimal(level, "totalTokensPerSecond")));
      }
    }
    return table.renderOr("nothing was measured");
  }

  private static String rate(OptionalDouble perSecond) {
    return perSecond.isPresent() ? SpeedText.rate(perSecond.getAsDouble()) : "-";
  }
}
