package org.brokecluster.coordinator.cli.ask;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.brokecluster.coordinator.cli.client.ChatBody;
import org.brokecluster.coordinator.cli.text.InputText;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.shared.cli.VerbException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a user asks on the command line, for {@code chat} and {@code route} alike. */
final class ChatRequest {
  /** What a cluster takes by default. */
  private static final int MEBIBYTES_MAX = 32;

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
    var body = ChatBody.of(model, prompt);
    if (maxTokens != null) {
      body.put("max_tokens", maxTokens);
    }
    var wishes = Json.object();
    put(wishes, "tier", tier);
    put(wishes, "strategy", strategy);
    put(wishes, "node", node);
    if (!wishes.isEmpty()) {
      body.set("broke", wishes);
    }
    return body;
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

  /** The prompt; refuses an empty one. Blocks while it is read from standard input. */
  String prompt(InputStream input) {
    var prompt = words().orElseGet(() -> InputText.read(input, "the prompt", MEBIBYTES_MAX));
    if (prompt.isBlank()) {
      throw VerbException.misuse("the prompt is empty: ./broke chat \"Why is the sky blue?\"");
    }
    return prompt;
  }

  private static void put(ObjectNode wishes, String name, @Nullable String value) {
    if (value != null) {
      wishes.put(name, value);
    }
  }
}
