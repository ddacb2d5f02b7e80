package org.brokecluster.coordinator.cli;

import com.fasterxml.jackson.databind.JsonNode;
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
   * Tells each machine and prints one line for it.
   *
   * @param action last part of the endpoint's path, such as {@code load}
   * @param body further fields of the request
   * @param done what to print after the model's and the machine's name
   */
  int run(String action, JsonNode body, String done) {
    var client = edge.client();
    var answers = Json.array();
    var lines = new StringBuilder();
    for (var target : targets(client)) {
      var order = Json.object().put("model", model);
      body.properties().forEach(field -> order.set(field.getKey(), field.getValue()));
      answers.add(client.post(NodePath.of(target, "/models/" + action), order));
      lines.append(model).append(' ').append(done).append(" on ").append(target);
      lines.append(System.lineSeparator());
    }
    return edge.print(answers, ignored -> lines.toString());
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
      throw VerbException.failed("no machine has the model " + model + "; see ./broke models");
    }
    return names;
  }
}
