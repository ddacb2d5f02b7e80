package org.brokecluster.node.runtime.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.node.runtime.answer.SplitCharacters;
import org.brokecluster.node.runtime.answer.ToolDelta;
import org.brokecluster.protocol.model.Usage;
import org.jspecify.annotations.Nullable;

/**
 * Reads one event of a stream, or one whole answer, into fields that stay valid until the next
 * call. Only the first choice counts. Works on the JSON as it streams by, since this runs once for
 * each token. Not thread safe.
 */
final class EventReader {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final List<ToolDelta> toolCalls = new ArrayList<>();
  private String content = "";
  private String reasoning = "";
  private @Nullable String logprobs;
  private @Nullable String finish;
  private @Nullable Usage usage;
  private @Nullable JsonNode error;
  private double progress;
  private boolean hasChoices;
  private boolean isError;

  /** Content, empty if there was none. */
  String content() {
    return content;
  }

  /** Reasoning under any of its names, empty if there was none. */
  String reasoning() {
    return reasoning;
  }

  /** Pieces of tool calls. */
  List<ToolDelta> toolCalls() {
    return toolCalls;
  }

  /** Log probabilities as a JSON object. */
  @Nullable String logprobs() {
    return logprobs;
  }

  /** Finish reason in the runtime's word. */
  @Nullable String finish() {
    return finish;
  }

  /** Token counts. */
  @Nullable Usage usage() {
    return usage;
  }

  /** The error it carries, an object or a text. */
  @Nullable JsonNode error() {
    return error;
  }

  /** Whether the whole event is an error, as older builds of vLLM send it. */
  boolean isError() {
    return isError;
  }

  /** Share of the prompt that is read, negative if it does not say. */
  double progress() {
    return progress;
  }

  /** Whether it has the shape of an answer at all. */
  boolean hasChoices() {
    return hasChoices;
  }

  /** Whether nothing but text is in it. */
  boolean textOnly() {
    return toolCalls.isEmpty()
        && logprobs == null
        && finish == null
        && usage == null
        && progress < 0;
  }

  /**
   * Reads a JSON object.
   *
   * @throws IOException if it is broken; the fields are then empty
   */
  void read(byte[] bytes, int from, int to) throws IOException {
    try (var parser = MAPPER.getFactory().createParser(bytes, from, to - from)) {
      event(parser);
    } catch (JsonProcessingException e) {
      var text = SplitCharacters.decode(bytes, from, to);
      if (text.chars().noneMatch(sign -> Character.isSurrogate((char) sign))) {
        clear();
        throw e;
      }
      readCut(text);
    } catch (IOException e) {
      clear();
      throw e;
    }
  }

  /** Reads an event that is not valid UTF-8: a character may have been cut between two events. */
  private void readCut(String text) throws IOException {
    try (var parser = MAPPER.getFactory().createParser(text)) {
      event(parser);
    } catch (IOException e) {
      clear();
      throw e;
    }
  }

  private void event(JsonParser parser) throws IOException {
    clear();
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new IOException("an event is not a JSON object");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      field(parser);
    }
  }

  private void clear() {
    usage = null;
    error = null;
    isError = false;
    progress = -1;
    hasChoices = false;
    clearChoice();
  }

  private void clearChoice() {
    toolCalls.clear();
    content = "";
    reasoning = "";
    logprobs = null;
    finish = null;
  }

  private void field(JsonParser parser) throws IOException {
    var name = parser.currentName();
    var token = parser.nextToken();
    switch (name) {
      case "choices" -> {
        hasChoices = token == JsonToken.START_ARRAY;
        choices(parser);
      }
      case "usage" -> usage(parser);
      case "error" -> error = error(token, parser);
      case "object" -> isError = "error".equals(text(parser));
      case "prompt_progress" -> progress = share(tree(parser));
      default -> parser.skipChildren();
    }
  }

  /** What stands under the key {@code error}, unless it says that there is none. */
  private static @Nullable JsonNode error(JsonToken token, JsonParser parser) throws IOException {
    var node = tree(parser);
    boolean none =
        token == JsonToken.VALUE_NULL
            || token == JsonToken.VALUE_FALSE
            || (node.isTextual() && node.textValue().isEmpty());
    return none ? null : node;
  }

  private void choices(JsonParser parser) throws IOException {
    if (!hasChoices) {
      parser.skipChildren();
      return;
    }
    boolean found = false;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (found || parser.currentToken() != JsonToken.START_OBJECT) {
        parser.skipChildren();
      } else {
        found = choice(parser);
      }
    }
  }

  /** Reads a choice; false if it was another than the first, which is forgotten. */
  private boolean choice(JsonParser parser) throws IOException {
    int index = 0;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var name = parser.currentName();
      var token = parser.nextToken();
      switch (name) {
        case "index" -> index = parser.getValueAsInt(0);
        case "delta", "message" -> delta(parser);
        case "text" -> content = text(parser);
        case "finish_reason" -> finish = parser.getValueAsString(null);
        case "logprobs" ->
            logprobs = token == JsonToken.START_OBJECT ? tree(parser).toString() : null;
        default -> parser.skipChildren();
      }
    }
    if (index != 0) {
      clearChoice();
    }
    return index == 0;
  }

  private void delta(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "content" -> content = text(parser);
        // Some send the same text under both names.
        case "reasoning_content", "reasoning" -> {
          var found = text(parser);
          reasoning = found.isEmpty() ? reasoning : found;
        }
        case "tool_calls" -> toolCalls(parser);
        default -> parser.skipChildren();
      }
    }
  }

  private void toolCalls(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return;
    }
    for (var call : tree(parser)) {
      var function = call.path("function");
      var arguments = function.path("arguments");
      toolCalls.add(
          new ToolDelta(
              call.path("index").asInt(-1),
              call.path("id").asText(null),
              function.path("name").asText(null),
              arguments.isContainerNode() ? arguments.toString() : arguments.asText("")));
    }
  }

  private void usage(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    var node = tree(parser);
    usage =
        new Usage(
            node.path("prompt_tokens").asInt(0),
            node.path("completion_tokens").asInt(0),
            node.path("prompt_tokens_details").path("cached_tokens").asInt(0));
  }

  private static double share(JsonNode node) {
    double total = node.path("total").asDouble(0);
    return total > 0 ? Math.min(1, node.path("processed").asDouble(0) / total) : -1;
  }

  private static String text(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    parser.skipChildren();
    return "";
  }

  private static JsonNode tree(JsonParser parser) throws IOException {
    return MAPPER.readTree(parser);
  }
}
