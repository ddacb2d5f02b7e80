package org.brokecluster.node.runtime.ollama;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.brokecluster.node.runtime.answer.AnswerCollector.Answer;
import org.brokecluster.node.runtime.answer.ServerCalls;
import org.brokecluster.node.runtime.http.HttpClient;

/** Finds out whether an Ollama listens at an address, by its version alone. */
public final class OllamaProbe {
  /** Where Ollama listens unless it is told otherwise. */
  public static final URI DEFAULT_ADDRESS = URI.create("http://127.0.0.1:11434");

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final int LONGEST = 4096;
  private static final int OK = 200;

  private OllamaProbe() {}

  /** The version of the Ollama there; nothing if there is none. Never fails. */
  public static CompletionStage<Optional<String>> version(URI address, Duration timeout) {
    var client = HttpClient.of(address, timeout, 1, "broke-ollama-probe");
    return new ServerCalls(client, address, Map.of(), LONGEST)
        .get("/api/version", timeout)
        .thenApply(OllamaProbe::version)
        .exceptionally(e -> Optional.empty())
        .whenComplete((version, error) -> client.close());
  }

  private static Optional<String> version(Answer answer) {
    if (answer.head().status() != OK) {
      return Optional.empty();
    }
    try {
      var version = MAPPER.readTree(answer.body()).path("version");
      return version.isTextual() ? Optional.of(version.textValue()) : Optional.empty();
    } catch (IOException notJson) {
      return Optional.empty();
    }
  }
}
