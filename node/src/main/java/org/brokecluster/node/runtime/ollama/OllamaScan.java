package org.brokecluster.node.runtime.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.brokecluster.node.runtime.answer.AnswerCollector.Answer;
import org.brokecluster.node.runtime.answer.ServerCalls;

/**
 * Asks Ollama what it has: the lists each time, details once for each version of a model. Nothing
 * of this loads a model. Thread safe.
 */
final class OllamaScan {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final int OK = 200;

  private final ServerCalls calls;
  private final OllamaModels reader;
  private final Duration timeout;

  /** Details by digest; holds no more than the list that was read last. */
  private final Map<String, ModelDetails> known = new ConcurrentHashMap<>();

  OllamaScan(ServerCalls calls, OllamaModels reader, Duration timeout) {
    this.calls = calls;
    this.reader = reader;
    this.timeout = timeout;
  }

  /** Its models; fails if it cannot be reached or does not answer like Ollama. */
  CompletionStage<List<OllamaModel>> scan() {
    var tags = calls.get("/api/tags", timeout).thenApply(answer -> list(answer, "/api/tags"));
    var running = calls.get("/api/ps", timeout).thenApply(answer -> list(answer, "/api/ps"));
    var version =
        calls
            .get("/api/version", timeout)
            .thenApply(answer -> OllamaVersion.parse(json(answer).path("version").asText("")))
            .exceptionally(e -> OllamaVersion.UNKNOWN);
    return tags.thenCompose(
        list ->
            details(reader.digests(list))
                .thenCombine(
                    running.thenCombine(version, Running::new),
                    (details, now) ->
                        reader.read(list, now.list, details, now.version.givesLogprobs())));
  }

  /** What runs, and on what. */
  private record Running(JsonNode list, OllamaVersion version) {}

  private CompletionStage<Map<String, ModelDetails>> details(Map<String, String> digests) {
    known.keySet().retainAll(digests.values());
    return next(digests, digests.entrySet().iterator(), new HashMap<>());
  }

  /** One after another: a machine with many models is not flooded with questions. */
  private CompletionStage<Map<String, ModelDetails>> next(
      Map<String, String> digests,
      Iterator<Map.Entry<String, String>> left,
      Map<String, ModelDetails> found) {
    while (left.hasNext()) {
      var model = left.next();
      var before = known.get(model.getValue());
      if (before == null) {
        return show(model.getKey())
            .thenCompose(
                details -> {
                  if (!details.equals(ModelDetails.UNKNOWN)) {
                    known.put(model.getValue(), details);
                  }
                  found.put(model.getKey(), details);
                  return next(digests, left, found);
                });
      }
      found.put(model.getKey(), before);
    }
    return CompletableFuture.completedFuture(found);
  }

  private CompletionStage<ModelDetails> show(String name) {
    var question = JsonNodeFactory.instance.objectNode().put("model", name).toString();
    return calls
        .post("/api/show", question.getBytes(StandardCharsets.UTF_8), timeout)
        .thenApply(
            answer ->
                answer.head().status() == OK
                    ? ModelDetails.read(json(answer))
                    : ModelDetails.UNKNOWN)
        .exceptionally(e -> ModelDetails.UNKNOWN);
  }

  private static JsonNode list(Answer answer, String path) {
    var said = json(answer);
    if (answer.head().status() != OK || !said.path("models").isArray()) {
      throw new CompletionException(
          new IOException(
              "no list of models in the answer %d to %s: is this Ollama?"
                  .formatted(answer.head().status(), path)));
    }
    return said;
  }

  /** What was answered, or a missing node if it is not JSON. */
  static JsonNode json(Answer answer) {
    try {
      var node = MAPPER.readTree(answer.body());
      return node == null ? MissingNode.getInstance() : node;
    } catch (IOException notJson) {
      return MissingNode.getInstance();
    }
  }
}
