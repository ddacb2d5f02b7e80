package org.brokecluster.coordinator.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.brokecluster.shared.cli.VerbException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a user asks on the command line, for {@code chat} and {@code route} alike. */
final class ChatRequest {
  @Parameters(
      arity = "0..*",
      paramLabel = "PROMPT",
      description = "The question; - or nothing reads it from standard input.")
  private List<String> words = new ArrayList<>();

  @Option(
      names = {"-m", "--model"},
      paramLabel = "MODEL",
      description = "A model, a tier or auto. Default: auto.")
  private String model = "auto";

  @Option(
      names = "--tier",
      paramLabel = "TIER",
      description =
          "Tier to use where no model is named: basic, balanced or premium; another one answers if"
              + " none of it can.")
  private @Nullable String tier;

  @Option(
      names = "--strategy",
      paramLabel = "NAME",
      description = "Strategy for this request; the names: ./broke strategy.")
  private @Nullable String strategy;

  @Option(names = "--node", paramLabel = "NAME", description = "The only machine to ask.")
  private @Nullable String node;

  @Option(names = "--max-tokens", paramLabel = "N", description = "Longest answer, in tokens.")
  private @Nullable Integer maxTokens;

  /** The body of a chat request. */
  ObjectNode body(String prompt) {
    var body = Json.object().put("model", model);
    var message = Json.object().put("role", "user").put("content", prompt);
    body.set("messages", Json.array().add(message));
    if (maxTokens != null) {
      body.put("max_tokens", maxTokens);
    }
    return body;
  }

  /** The headers that go with it. */
  Map<String, String> headers() {
    var headers = new LinkedHashMap<String, String>();
    put(headers, "x-broke-tier", tier);
    put(headers, "x-broke-strategy", strategy);
    put(headers, "x-broke-node", node);
    return headers;
  }

  /** The words given, or nothing if the prompt is to be read from standard input. */
  Optional<String> words() {
    var given = String.join(" ", words).strip();
    return words.isEmpty() || given.equals("-") ? Optional.empty() : Optional.of(given);
  }

  /** Whether the user said nothing at all, not even {@code -}. */
  boolean nothingGiven() {
    return words.isEmpty();
  }

  /** The prompt; refuses an empty one. */
  String prompt(PromptSource source) {
    var prompt = words().orElseGet(source::read);
    if (prompt.isBlank()) {
      throw VerbException.misuse("the prompt is empty: ./broke chat \"Why is the sky blue?\"");
    }
    return prompt;
  }

  private static void put(Map<String, String> headers, String name, @Nullable String value) {
    if (value != null) {
      headers.put(name, value);
    }
  }
}
