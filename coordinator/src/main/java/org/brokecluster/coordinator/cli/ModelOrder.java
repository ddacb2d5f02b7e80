package org.brokecluster.coordinator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.shared.cli.VerbException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A model and the machines where something is to be done with it; for load, unload and pin. */
final class ModelOrder {
  @Parameters(paramLabel = "MODEL", description = "The model; see ./broke models.")
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
      var path = NodePath.of(target, "/models/" + action);
      answers.add(client.order(path, Json.object().put("model", model)));
    }
    return Orders.print(edge, answers);
  }

  /** Loads the model on each machine, one after the other, and shows how that goes. */
  int load() {
    var client = edge.client();
    var loading = new ModelLoading(client, ProgressLine.on(edge.err()));
    var answers = new ArrayList<JsonNode>();
    for (var target : targets(client)) {
      answers.add(loading.load(target, model));
    }
    return Orders.print(edge, answers);
  }

  private List<String> targets(EdgeClient client) {
    return node != null ? List.of(node) : having(client.get("/api/nodes"));
  }

  private List<String> having(JsonNode answer) {
    var names =
        Json.list(answer, "nodes").stream()
            .filter(
                each ->
                    Json.list(each.path("models")).stream()
                        .anyMatch(m -> Json.text(m, "id").equals(model)))
            .map(each -> Json.text(each, "name"))
            .toList();
    if (names.isEmpty()) {
      throw VerbException.failed(
          "no machine has the model "
              + model
              + "; see ./broke models, or fetch it with ./broke pull "
              + model);
    }
    return names;
  }
}
