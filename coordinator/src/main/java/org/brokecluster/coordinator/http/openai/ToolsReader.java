package org.brokecluster.coordinator.http.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.brokecluster.coordinator.routing.profile.PromptText;
import org.brokecluster.protocol.model.Ability;

/** Checks tools and the choice among them. */
final class ToolsReader {
  private static final String TOOLS = "tools";
  private static final String CHOICE = "tool_choice";
  private static final String FUNCTION = "function";

  /**
   * As OpenAI has it; a name with a space, or a dot, is one that templates and parsers break at.
   */
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

  private final PromptScan scan;
  private final Set<Ability> needs;

  ToolsReader(PromptScan scan, Set<Ability> needs) {
    this.scan = scan;
    this.needs = needs;
  }

  void read(Fields body) {
    var tools = body.array(TOOLS);
    var names = new HashSet<String>();
    if (tools != null && !tools.isEmpty()) {
      needs.add(Ability.TOOLS);
      scan.begin(PromptText.Role.SYSTEM, TOOLS);
      tools(tools, names);
      scan.end();
    }
    choice(body, names);
    body.flag("parallel_tool_calls");
  }

  private void tools(JsonNode tools, Set<String> names) {
    int index = 0;
    for (var node : tools) {
      var tool = Fields.of(node, TOOLS + "[" + index++ + "]");
      if (!FUNCTION.equals(tool.requiredText("type"))) {
        throw tool.invalid("type", "invalid_value", "must be function");
      }
      var function = tool.fields(FUNCTION);
      if (function == null) {
        throw tool.missing(FUNCTION);
      }
      names.add(name(function));
      function.fields("parameters");
      function.flag("strict");
      scan.structure(node);
    }
  }

  private static String name(Fields function) {
    var name = function.requiredText("name");
    if (!NAME.matcher(name).matches()) {
      throw function.invalid(
          "name", "invalid_value", "must be 1 to 64 of a-z, A-Z, 0-9, _ and -, without spaces");
    }
    return name;
  }

  private void choice(Fields body, Set<String> names) {
    var choice = body.any(CHOICE);
    if (choice == null) {
      return;
    }
    if (choice.isTextual()) {
      word(body, choice.textValue(), names);
      return;
    }
    if (!choice.isObject()) {
      throw Fields.wrongType(CHOICE, "a string or an object", choice);
    }
    var chosen = Fields.of(choice, CHOICE);
    if (!FUNCTION.equals(chosen.requiredText("type"))) {
      throw chosen.invalid("type", "unsupported_value", "must be function, with its name");
    }
    var function = chosen.fields(FUNCTION);
    if (function == null) {
      throw chosen.missing(FUNCTION);
    }
    if (!names.contains(function.requiredText("name"))) {
      throw body.invalid(CHOICE, "invalid_value", "names a function that is not among the tools");
    }
    needs.add(Ability.TOOL_CHOICE);
  }

  private void word(Fields body, String word, Set<String> names) {
    switch (word) {
      case "none", "auto" -> {}
      case "required" -> {
        if (names.isEmpty()) {
          throw body.invalid(CHOICE, "invalid_value", "can be required only with tools");
        }
        needs.add(Ability.TOOL_CHOICE);
      }
      default ->
          throw body.invalid(CHOICE, "invalid_value", "must be none, auto, required or an object");
    }
  }
}
