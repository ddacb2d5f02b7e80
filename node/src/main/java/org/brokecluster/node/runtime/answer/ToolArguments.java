package org.brokecluster.node.runtime.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** Arguments of a tool call that was made before. */
public final class ToolArguments {
  private static final JsonMapper MAPPER = BodyFields.mapper();

  private ToolArguments() {}

  /**
   * Arguments as the JSON object that chat templates expect. What a model wrote is not always one:
   * anything else becomes an object with that text in it, so that a conversation can go on.
   *
   * @param arguments a text with JSON, or an object
   */
  public static ObjectNode object(JsonNode arguments) {
    if (arguments instanceof ObjectNode object) {
      return object;
    }
    var text = arguments.isValueNode() ? arguments.asText("") : arguments.toString();
    if (arguments.isMissingNode() || arguments.isNull() || text.isBlank()) {
      return JsonNodeFactory.instance.objectNode();
    }
    try {
      if (MAPPER.readTree(text) instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException notJson) {
      return wrapped(text);
    }
    return wrapped(text);
  }

  private static ObjectNode wrapped(String text) {
    return JsonNodeFactory.instance.objectNode().put("arguments", text);
  }
}
