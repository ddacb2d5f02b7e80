package org.brokecluster.coordinator.http.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;
import org.brokecluster.coordinator.routing.profile.PromptText;
import org.brokecluster.protocol.model.Ability;

/** Checks the {@code messages} of a chat call and hands their text to a {@link PromptScan}. */
final class MessagesReader {
  private static final String CONTENT = "content";

  private final PromptScan scan;
  private final Set<Ability> needs;

  /** Ids of the tool calls so far. */
  private final Set<String> calls = new HashSet<>();

  MessagesReader(PromptScan scan, Set<Ability> needs) {
    this.scan = scan;
    this.needs = needs;
  }

  void read(Fields body) {
    var messages = body.array("messages");
    if (messages == null) {
      throw body.missing("messages");
    }
    if (messages.isEmpty()) {
      throw body.invalid("messages", "empty_array", "must have at least one message");
    }
    int index = 0;
    for (var message : messages) {
      message(Fields.of(message, "messages[" + index++ + "]"));
    }
  }

  private void message(Fields message) {
    var label = message.requiredText("role");
    switch (label) {
      case "system", "developer" -> spoken(message, PromptText.Role.SYSTEM, label);
      case "user" -> spoken(message, PromptText.Role.USER, label);
      case "assistant" -> assistant(message, label);
      case "tool" -> {
        answering(message);
        needs.add(Ability.TOOLS);
        spoken(message, PromptText.Role.TOOL, label);
      }
      case "function" ->
          throw message.invalid(
              "role", "unsupported_value", "function is the old form of tool; use tool");
      default ->
          throw message.invalid(
              "role", "invalid_value", "must be one of system, developer, user, assistant, tool");
    }
  }

  /** A result belongs to a call before it; a model would make anything of one that does not. */
  private void answering(Fields message) {
    if (!calls.contains(message.requiredText("tool_call_id"))) {
      throw message.invalid(
          "tool_call_id",
          "invalid_value",
          "must be the id of a tool call in an assistant message before it");
    }
  }

  private void spoken(Fields message, PromptText.Role role, String label) {
    begin(message, role, label);
    if (!message.has(CONTENT)) {
      throw message.missing(CONTENT);
    }
    content(message);
    scan.end();
  }

  /** What the model said before: words, calls of tools, or, of an empty answer, nothing. */
  private void assistant(Fields message, String label) {
    begin(message, PromptText.Role.ASSISTANT, label);
    content(message);
    var refusal = message.text("refusal");
    if (refusal != null) {
      scan.text(refusal);
    }
    var made = message.array("tool_calls");
    if (made != null && !made.isEmpty()) {
      needs.add(Ability.TOOLS);
      int index = 0;
      for (var call : made) {
        toolCall(Fields.of(call, message.name("tool_calls[" + index++ + "]")));
      }
    }
    unsupported(message, "function_call", "is the old form of tool_calls; use tool_calls");
    unsupported(message, "audio", "cannot be repeated here: answers are text only");
    scan.end();
  }

  private static void unsupported(Fields message, String field, String what) {
    if (message.has(field)) {
      throw message.invalid(field, "unsupported_parameter", what);
    }
  }

  private void toolCall(Fields call) {
    calls.add(call.requiredText("id"));
    call.text("type");
    var function = call.fields("function");
    if (function == null) {
      throw call.missing("function");
    }
    function(function);
  }

  private void function(Fields function) {
    scan.text(function.requiredText("name"));
    var arguments = function.text("arguments");
    if (arguments != null) {
      scan.text(arguments);
    }
  }

  private void begin(Fields message, PromptText.Role role, String label) {
    var name = message.text("name");
    scan.begin(role, name == null ? label : label + " " + name);
  }

  private void content(Fields message) {
    var content = message.any(CONTENT);
    if (content == null) {
      return;
    }
    if (content.isTextual()) {
      scan.text(content.textValue());
    } else if (content.isArray()) {
      int index = 0;
      for (var part : content) {
        part(Fields.of(part, message.name(CONTENT + "[" + index++ + "]")));
      }
    } else {
      throw Fields.wrongType(message.name(CONTENT), "a string or an array of parts", content);
    }
  }

  private void part(Fields part) {
    var type = part.requiredText("type");
    switch (type) {
      case "text" -> scan.text(part.requiredText("text"));
      case "refusal" -> scan.text(part.requiredText("refusal"));
      case "image_url" -> image(part);
      case "input_audio", "file" ->
          throw part.invalid(
              "type", "unsupported_content", "cannot be " + type + ": no runtime here takes it");
      default ->
          throw part.invalid("type", "invalid_value", "must be one of text, image_url, refusal");
    }
  }

  private void image(Fields part) {
    var image = part.any("image_url");
    if (image == null) {
      throw part.missing("image_url");
    }
    needs.add(Ability.VISION);
    scan.image(url(part, image));
  }

  private static String url(Fields part, JsonNode image) {
    return image.isTextual()
        ? image.textValue()
        : Fields.of(image, part.name("image_url")).requiredText("url");
  }
}
