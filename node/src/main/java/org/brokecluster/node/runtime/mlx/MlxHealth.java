package org.brokecluster.node.runtime.mlx;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.brokecluster.node.runtime.disk.JsonFiles;
import org.brokecluster.node.runtime.process.ShelfModel.Problem;
import org.brokecluster.node.runtime.process.ShortCommand;
import org.brokecluster.protocol.model.ModelState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The opinion of mlx-knife, where it is installed: it checks files more closely than we do. What it
 * says is believed only where it finds fault, and only in the form it documents. Blocks.
 */
final class MlxHealth {
  private static final Logger LOG = LoggerFactory.getLogger(MlxHealth.class);
  private static final int MODELS_MAX = 10_000;
  private static final int REASON_MAX = 200;

  private final MlxSettings settings;
  private final Map<String, String> environment;

  MlxHealth(MlxSettings settings, Map<String, String> environment) {
    this.settings = settings;
    this.environment = environment;
  }

  /** Problems by the name of the model; none if mlx-knife is not there or makes no sense. */
  Map<String, Problem> ask() {
    var program = program();
    if (!settings.health() || program.isEmpty()) {
      return Map.of();
    }
    try {
      var command = List.of(program.get().toString(), "list", "--json");
      var said = ShortCommand.run(command, settings.commandTimeout()).orElse("");
      return parse(said);
    } catch (IOException e) {
      LOG.info("mlx-knife is of no help, going on without: {}", e.getMessage());
      return Map.of();
    }
  }

  private Optional<Path> program() {
    return Stream.of(environment.getOrDefault("PATH", "").split(":", -1))
        .filter(folder -> !folder.isBlank())
        .map(folder -> Path.of(folder, "mlxk"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Reads the answer to {@code mlxk list --json}.
   *
   * @throws IOException if it is not in the documented form
   */
  static Map<String, Problem> parse(String said) throws IOException {
    var answer = JsonFiles.parse(said.getBytes(StandardCharsets.UTF_8), "the answer of mlxk");
    var models = answer.path("data").path("models");
    if (!answer.path("status").asText("").equals("success") || !models.isArray()) {
      throw new IOException("the answer of mlxk is no list of models");
    }
    var problems = new HashMap<String, Problem>();
    for (var model : models) {
      var name = model.path("name").asText("");
      if (!name.isEmpty() && problems.size() < MODELS_MAX) {
        problem(model).ifPresent(problem -> problems.put(name, problem));
      }
    }
    return problems;
  }

  private static Optional<Problem> problem(JsonNode model) {
    var reason = model.path("reason").asText("no reason was given");
    var said = "mlx-knife says: " + reason.substring(0, Math.min(REASON_MAX, reason.length()));
    if (model.path("health").asText("").equals("unhealthy")) {
      return Optional.of(new Problem(ModelState.FAILED, said));
    }
    var compatible = model.path("runtime_compatible");
    return compatible.isBoolean() && !compatible.asBoolean()
        ? Optional.of(new Problem(ModelState.UNSUPPORTED, said))
        : Optional.empty();
  }
}
