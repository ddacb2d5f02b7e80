package org.brokecluster.coordinator.cli.ask;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  /** Said where the prompt is about to be read and nobody asked for that. */
  static final String TYPE_IT = "type the prompt and end it with Ctrl-D";

  private static final String STANDARD_INPUT = "-";

  @Parameters(
      arity = "0..*",
      paramLabel = "PROMPT",
      description =
          "The question; - stands for what comes on standard input, and so does nothing at all.")
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

  /** Whether the user said nothing at all, not even {@code -}. */
  boolean nothingGiven() {
    return words.isEmpty();
  }

  /** The prompt; refuses an empty one. Blocks while it is read from standard input. */
  String prompt(InputStream input) {
    var prompt = nothingGiven() ? read(input) : said(input);
    if (prompt.isBlank()) {
      throw VerbException.misuse(
          "the prompt is empty: say what to ask, such as \"Why is the sky blue?\"");
    }
    return prompt;
  }

  /** The words, with the input in place of the first {@code -}: a paragraph of its own. */
  private String said(InputStream input) {
    int dash = words.indexOf(STANDARD_INPUT);
    if (dash < 0) {
      return String.join(" ", words).strip();
    }
    var parts =
        Stream.of(
            String.join(" ", words.subList(0, dash)),
            read(input),
            String.join(" ", words.subList(dash + 1, words.size())));
    return parts.filter(part -> !part.isBlank()).collect(Collectors.joining("\n\n"));
  }

  private static String read(InputStream input) {
    return InputText.read(input, "the prompt", MEBIBYTES_MAX);
  }

  private static void put(ObjectNode wishes, String name, @Nullable String value) {
    if (value != null) {
      wishes.put(name, value);
    }
  }
}
