package org.brokecluster.coordinator.cli.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.brokecluster.coordinator.cli.client.EdgeClient;
import org.brokecluster.coordinator.cli.client.EdgeFlags;
import org.brokecluster.coordinator.cli.client.ModelLoading;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.cli.text.ProgressLine;
import org.brokecluster.shared.cli.VerbException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A model and the machines where something is to be done with it; for load, unload and pin. */
final class ModelOrder {
  @Parameters(
      paramLabel = "MODEL",
      description = "The model, by its name or a part of it that only one has; see ./broke models.")
  private String model = "";

  @Option(
      names = "--node",
      paramLabel = "NAME",
      description = "Only on this machine. Default: on every machine that has the model.")
  private @Nullable String node;

  @Mixin private EdgeFlags edge;

  /**
   * Tells each machine and prints what it answered.
   *
   * @param action last part of the endpoint's path, such as {@code unload}
   */
  int run(String action) {
    var client = edge.client();
    var answers = new ArrayList<JsonNode>();
    for (var target : targets(client)) {
      var body = Json.object().put("model", model);
      answers.add(client.order(Json.text(target, "name"), "models/" + action, body));
    }
    return Orders.print(edge, answers);
  }

  /**
   * Loads the model on each machine, one after the other; shows how that goes, and what had to make
   * room for it.
   */
  int load() {
    var client = edge.client();
    var loading = new ModelLoading(client, ProgressLine.on(edge.err()));
    var answers = new ArrayList<JsonNode>();
    for (var target : targets(client)) {
      var name = Json.text(target, "name");
      var answer = loading.load(name, model);
      boolean done = Json.flag(answer, "accepted");
      answers.add(done ? madeRoom(answer, target, loading.seen(name, model)) : answer);
    }
    return Orders.print(edge, answers);
  }

  private static Set<String> inMemory(JsonNode node) {
    return Json.list(node, "models").stream()
        .filter(each -> Json.text(each, "state").equals("loaded"))
        .map(each -> Json.text(each, "id"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The answer, with the models that the machine had in memory before and has no more. */
  private static JsonNode madeRoom(JsonNode answer, JsonNode before, JsonNode after) {
    var gone = inMemory(before);
    gone.removeAll(inMemory(after));
    if (gone.isEmpty()) {
      return answer;
    }
    ObjectNode told = answer.deepCopy();
    gone.forEach(told.putArray("unloaded")::add);
    var message = Json.text(answer, "message");
    return told.put("message", message + "; no longer in memory: " + String.join(", ", gone));
  }

  /** Settles which model is meant, and says which machines have it. */
  private List<JsonNode> targets(EdgeClient client) {
    var nodes =
        Json.list(client.get("/api/nodes"), "nodes").stream()
            .filter(each -> node == null || Json.text(each, "name").equals(node))
            .toList();
    if (node != null && nodes.isEmpty()) {
      throw VerbException.failed("no machine is called " + node + "; see ./broke nodes");
    }
    model = meant(nodes.stream().flatMap(ModelOrder::models).collect(Collectors.toSet()));
    return nodes.stream().filter(each -> models(each).anyMatch(model::equals)).toList();
  }

  private static Stream<String> models(JsonNode node) {
    return Json.list(node.path("models")).stream().map(each -> Json.text(each, "id"));
  }

  /** Exactly the name, else the only model with it as a part. */
  private String meant(Set<String> known) {
    if (known.contains(model)) {
      return model;
    }
    var part = model.toLowerCase(Locale.ROOT);
    var fitting =
        known.stream().filter(id -> id.toLowerCase(Locale.ROOT).contains(part)).sorted().toList();
    if (fitting.size() == 1) {
      return fitting.get(0);
    }
    throw VerbException.failed(
        fitting.isEmpty()
            ? (node == null ? "no machine has the model " : node + " does not have the model ")
                + model
                + "; see ./broke models, or fetch it with ./broke pull "
                + model
            : model + " may be each of these, say which: " + String.join(", ", fitting));
  }
}
