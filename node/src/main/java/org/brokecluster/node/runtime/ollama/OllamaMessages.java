package org.brokecluster.node.runtime.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.brokecluster.node.runtime.answer.RequestRefusal;
import org.brokecluster.node.runtime.answer.ToolArguments;

/**
 * Turns the messages of a chat into Ollama's: text in one piece, images beside it as base64,
 * arguments of tool calls as objects, results by the function's name. Not thread safe.
 */
final class OllamaMessages {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String DATA_URL = "data:";
  private static final String BASE64 = ";base64,";
  private static final int MESSAGE_BYTES = 24;

  private final ArrayNode out = NODES.arrayNode();
  private final Map<String, String> functions = new HashMap<>();
  private long textBytes;
  private int images;

  /**
   * Takes the messages of a body.
   *
   * @throws RequestRefusal naming the message that cannot be turned
   */
  ArrayNode convert(JsonNode messages) throws RequestRefusal {
    if (!messages.isArray() || messages.isEmpty()) {
      throw RequestRefusal.invalid("messages", "invalid_type", "messages must be an array");
    }
    int index = 0;
    for (var message : messages) {
      out.add(message(message, "messages[" + index++ + "]"));
    }
    return out;
  }

  /** Bytes of all text, and some for each message. */
  long textBytes() {
    return textBytes;
  }

  /** Number of images. */
  int images() {
    return images;
  }

  private ObjectNode message(JsonNode message, String path) throws RequestRefusal {
    var role = message.path("role").asText("");
    var converted = NODES.objectNode();
    // Ollama's templates know three roles and tools.
    converted.put("role", role.equals("developer") ? "system" : role);
    content(message.path("content"), converted, path + ".content");
    var thought = message.path("reasoning_content").asText("");
    if (!thought.isEmpty()) {
      converted.put("thinking", thought);
    }
    calls(message.path("tool_calls"), converted);
    if (role.equals("tool")) {
      result(message, converted);
    }
    textBytes += MESSAGE_BYTES;
    return converted;
  }

  private void content(JsonNode content, ObjectNode to, String path) throws RequestRefusal {
    if (!content.isArray()) {
      to.put("content", counted(content.asText("")));
      return;
    }
    var text = new StringBuilder();
    int index = 0;
    for (var part : content) {
      var place = path + "[" + index++ + "]";
      switch (part.path("type").asText("")) {
        case "text" -> append(text, part.path("text").asText(""));
        case "refusal" -> append(text, part.path("refusal").asText(""));
        case "image_url" -> to.withArray("images").add(image(part.path("image_url"), place));
        default ->
            throw RequestRefusal.invalid(
                place + ".type", "unsupported_content", "only text and images can be given");
      }
    }
    to.put("content", counted(text.toString()));
  }

  private static void append(StringBuilder text, String more) {
    text.append(text.isEmpty() ? "" : "\n").append(more);
  }

  private String counted(String text) {
    textBytes += text.getBytes(StandardCharsets.UTF_8).length;
    return text;
  }

  /** The base64 of an image; one elsewhere is not fetched. */
  private String image(JsonNode image, String path) throws RequestRefusal {
    var url = image.isTextual() ? image.textValue() : image.path("url").asText("");
    int data = url.indexOf(BASE64);
    if (!url.startsWith(DATA_URL) || data < 0) {
      throw RequestRefusal.invalid(
          path + ".image_url.url",
          "unsupported_content",
          "an image must be given as a data: URL in base64; nothing is fetched from elsewhere");
    }
    images++;
    return url.substring(data + BASE64.length());
  }

  private void calls(JsonNode calls, ObjectNode to) {
    for (var call : calls) {
      var function = call.path("function");
      var name = function.path("name").asText("");
      functions.put(call.path("id").asText(""), name);
      var arguments = ToolArguments.object(function.path("arguments"));
      counted(arguments.toString());
      var converted = to.withArray("tool_calls").addObject();
      converted.put("id", call.path("id").asText(""));
      converted.putObject("function").put("name", name).set("arguments", arguments);
    }
  }

  private void result(JsonNode message, ObjectNode to) {
    var id = message.path("tool_call_id").asText("");
    to.put("tool_call_id", id);
    var name = functions.getOrDefault(id, message.path("name").asText(""));
    if (!name.isEmpty()) {
      to.put("tool_name", name);
    }
  }
}
