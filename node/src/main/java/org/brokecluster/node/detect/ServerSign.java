package org.brokecluster.node.detect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.util.Optional;

/**
 * What tells a model server from everything else that may listen on its port: something only it
 * says. A list of models alone is not enough, because every other one has it too. Pure.
 */
enum ServerSign {
  /** Ollama, by the version it tells. */
  OLLAMA("/api/version", "ollama") {
    @Override
    Optional<String> label(String server, String body) {
      var version = json(body).path("version");
      return version.isTextual() ? Optional.of("Ollama " + version.textValue()) : Optional.empty();
    }
  },
  /** LM Studio, by a list that tells each model's state. */
  LM_STUDIO("/api/v0/models", "lmstudio") {
    @Override
    Optional<String> label(String server, String body) {
      var first = json(body).path("data").path(0);
      return first.path("state").isTextual() && first.path("id").isTextual()
          ? Optional.of("LM Studio")
          : Optional.empty();
    }
  },
  /** llama-server, by its name as the owner of models. */
  LLAMA("/v1/models", "llama") {
    @Override
    Optional<String> label(String server, String body) {
      var owner = json(body).path("data").path(0).path("owned_by").asText("");
      return owner.equals("llamacpp") ? Optional.of("llama-server") : Optional.empty();
    }
  },
  /** mlx_lm.server, by Python's plain HTTP server with a list of models without an owner. */
  MLX("/v1/models", "mlx") {
    @Override
    Optional<String> label(String server, String body) {
      var answer = json(body);
      boolean list = answer.path("object").asText("").equals("list") && answer.has("data");
      boolean owned = answer.path("data").path(0).has("owned_by");
      return server.startsWith("BaseHTTP/") && list && !owned
          ? Optional.of("mlx_lm.server")
          : Optional.empty();
    }
  };

  private static final ObjectReader READER = new ObjectMapper().reader();

  private final String path;
  private final String kind;

  ServerSign(String path, String kind) {
    this.path = path;
    this.kind = kind;
  }

  /** Where it is to be seen. */
  String path() {
    return path;
  }

  /** How {@code --runtime} calls such a server. */
  String kind() {
    return kind;
  }

  /**
   * The server's name if the answer is one that only it gives.
   *
   * @param server header of that name, empty if there is none
   * @param body of an answer with status 200
   */
  abstract Optional<String> label(String server, String body);

  private static JsonNode json(String body) {
    try {
      return READER.readTree(body.isBlank() ? "{}" : body);
    } catch (JsonProcessingException e) {
      return READER.createObjectNode(); // Something else listens there.
    }
  }
}
