package org.brokecluster.node.runtime.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.brokecluster.node.runtime.answer.AnswerCollector.Answer;
import org.brokecluster.node.runtime.openai.ServerFacts.ModelNote;
import org.jspecify.annotations.Nullable;

/** Tells from what servers answer to harmless questions which kind they are. Pure. */
final class ServerSigns {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final int OK = 200;

  private ServerSigns() {}

  /** The kind of server by its list of models, or nothing if the list does not tell. */
  static Optional<Dialect> inList(Answer list) {
    var server = list.head().header("server").orElse("");
    if (server.startsWith("BaseHTTP")) {
      return Optional.of(Dialect.MLX_LM);
    }
    if (server.startsWith("llama.cpp")) {
      return Optional.of(Dialect.LLAMA);
    }
    var owner = json(list).path("data").path(0).path("owned_by").asText("");
    if (owner.startsWith("mlx-knife")) {
      return Optional.of(Dialect.MLX_KNIFE);
    }
    return switch (owner) {
      case "llamacpp" -> Optional.of(Dialect.LLAMA);
      case "vllm" -> Optional.of(Dialect.VLLM);
      case "organization_owner" -> Optional.of(Dialect.LM_STUDIO);
      case "library" -> Optional.of(Dialect.OLLAMA_COMPATIBLE);
      case "exo" -> Optional.of(Dialect.GENERIC);
      default -> Optional.empty();
    };
  }

  /** The kind of server by its {@code /health}. */
  static Optional<Dialect> inHealth(Answer health) {
    var said = json(health);
    if (said.path("service").asText("").startsWith("mlx-knife")) {
      return Optional.of(Dialect.MLX_KNIFE);
    }
    return said.has("loaded_model") ? Optional.of(Dialect.MLX_VLM) : Optional.empty();
  }

  /** The kind of server by LM Studio's own list. */
  static Optional<Dialect> inLmStudioList(Answer list) {
    boolean tells = json(list).path("data").path(0).has("state");
    return tells ? Optional.of(Dialect.LM_STUDIO) : Optional.empty();
  }

  /** Ollama by its version, under a path that nobody else has. */
  static Optional<Dialect> inOllamaVersion(Answer version) {
    return json(version).path("version").isTextual()
        ? Optional.of(Dialect.OLLAMA_COMPATIBLE)
        : Optional.empty();
  }

  /** What llama-server's {@code /props} tells. */
  static ServerFacts llama(Answer props) {
    var said = json(props);
    var vision = said.path("modalities").path("vision");
    return new ServerFacts(
        Dialect.LLAMA,
        positive(said.path("total_slots")),
        positive(said.path("default_generation_settings").path("n_ctx")),
        vision.isBoolean() ? vision.booleanValue() : null,
        !said.path("chat_template").asText("").isBlank(),
        Map.of());
  }

  /** What LM Studio's own list tells. */
  static ServerFacts lmStudio(Answer list) {
    var notes = new HashMap<String, ModelNote>();
    for (var entry : json(list).path("data")) {
      var state = entry.path("state");
      var type = entry.path("type").asText("");
      var loadedContext = positive(entry.path("loaded_context_length"));
      notes.put(
          entry.path("id").asText(""),
          new ModelNote(
              state.isTextual() ? state.textValue().equals("loaded") : null,
              loadedContext == null ? positive(entry.path("max_context_length")) : loadedContext,
              type.isEmpty() ? null : type.equals("vlm"),
              type.isEmpty() ? null : type.equals("embeddings"),
              entry.path("quantization").asText(null)));
    }
    return new ServerFacts(Dialect.LM_STUDIO, null, null, null, false, notes);
  }

  /** The body of a good answer as JSON; missing if it is none. */
  private static JsonNode json(Answer answer) {
    if (answer.head().status() != OK) {
      return MissingNode.getInstance();
    }
    try {
      var node = MAPPER.readTree(answer.body());
      return node == null ? MissingNode.getInstance() : node;
    } catch (IOException notJson) {
      return MissingNode.getInstance();
    }
  }

  private static @Nullable Integer positive(JsonNode node) {
    return node.canConvertToInt() && node.asInt() > 0 ? node.asInt() : null;
  }
}
