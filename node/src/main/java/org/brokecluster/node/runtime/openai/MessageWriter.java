package org.brokecluster.node.runtime.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.node.runtime.answer.BodyFields;
import org.brokecluster.node.runtime.answer.BodyFields.Slice;
import org.brokecluster.node.runtime.answer.ToolArguments;

/**
 * Writes the messages of a chat so that a dialect understands them: developer messages as system
 * messages, arguments of earlier tool calls as JSON objects in strings, refusals as text, no nulls.
 * Messages that need nothing of this are copied byte by byte.
 */
final class MessageWriter {
  private static final JsonMapper MAPPER = BodyFields.mapper();
  private static final String ROLE = "role";
  private static final String CONTENT = "content";
  private static final String REFUSAL = "refusal";

  private final Dialect dialect;

  MessageWriter(Dialect dialect) {
    this.dialect = dialect;
  }

  /** Writes the array of messages that lies in a body. */
  void write(byte[] body, Slice messages, OutputStream out) throws IOException {
    if (!needed(body, messages)) {
      out.write(body, messages.from(), messages.length());
      return;
    }
    var factory = MAPPER.getFactory();
    try (var parser = factory.createParser(body, messages.from(), messages.length());
        var generator = factory.createGenerator(out)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        generator.copyCurrentStructure(parser);
        return;
      }
      generator.writeStartArray();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        generator.writeTree(message(parser));
      }
      generator.writeEndArray();
    }
  }

  private boolean needed(byte[] body, Slice messages) {
    for (var word : words()) {
      if (contains(body, messages, word.getBytes(StandardCharsets.US_ASCII))) {
        return true;
      }
    }
    return false;
  }

  /** What messages must contain to need a change. */
  private List<String> words() {
    var words = new ArrayList<String>();
    if (dialect.has(Habit.NO_DEVELOPER)) {
      words.add("developer");
    }
    if (dialect.has(Habit.PARSES_ARGUMENTS)) {
      words.add("arguments");
    }
    if (dialect != Dialect.GENERIC) {
      words.add(REFUSAL);
    }
    if (dialect.has(Habit.STRICT)) {
      words.add("null");
    }
    return words;
  }

  private static boolean contains(byte[] body, Slice slice, byte[] word) {
    for (int at = slice.from(); at + word.length <= slice.to(); at++) {
      int same = 0;
      while (same < word.length && body[at + same] == word[same]) {
        same++;
      }
      if (same == word.length) {
        return true;
      }
    }
    return false;
  }

  private JsonNode message(JsonParser parser) throws IOException {
    JsonNode node = MAPPER.readTree(parser);
    if (node instanceof ObjectNode message) {
      change(message);
    }
    return node;
  }

  private void change(ObjectNode message) {
    if (dialect.has(Habit.NO_DEVELOPER) && "developer".equals(message.path(ROLE).asText())) {
      message.put(ROLE, "system");
    }
    if (dialect.has(Habit.STRICT)) {
      dropNulls(message);
    }
    if (dialect.has(Habit.PARSES_ARGUMENTS)) {
      for (var call : message.path("tool_calls")) {
        if (call.get("function") instanceof ObjectNode function) {
          function.put("arguments", ToolArguments.object(function.path("arguments")).toString());
        }
      }
    }
    if (dialect != Dialect.GENERIC) {
      refusals(message);
    }
  }

  /** Content may be null: that is how a message of tool calls alone looks. */
  private static void dropNulls(ObjectNode message) {
    var names = new ArrayList<String>();
    message.fieldNames().forEachRemaining(names::add);
    for (var name : names) {
      if (message.get(name).isNull() && !name.equals(CONTENT)) {
        message.remove(name);
      }
    }
  }

  private static void refusals(ObjectNode message) {
    message.remove(REFUSAL);
    for (var part : message.path(CONTENT)) {
      if (part instanceof ObjectNode object && REFUSAL.equals(object.path("type").asText())) {
        object.put("text", object.path(REFUSAL).asText());
        object.put("type", "text").remove(REFUSAL);
      }
    }
  }
}
