package org.brokecluster.coordinator.http.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;
import org.brokecluster.coordinator.routing.profile.PromptText;
import org.brokecluster.protocol.model.Ability;
import org.jspecify.annotations.Nullable;

/** Checks tools, the choice among them, and the old {@code functions} they grew out of. */
final class ToolsReader {
  private static final String TOOLS = "tools";
  private static final String CHOICE = "tool_choice";
  private static final String FUNCTION = "function";

  private final PromptScan scan;
  private final Set<Ability> needs;

  ToolsReader(PromptScan scan, Set<Ability> needs) {
    this.scan = scan;
    this.needs = needs;
  }

  void read(Fields body) {
    var tools = body.array(TOOLS);
    var legacy = body.array("functions");
    var names = new HashSet<String>();
    if ((tools != null && !tools.isEmpty()) || (legacy != null && !legacy.isEmpty())) {
      needs.add(Ability.TOOLS);
      scan.begin(PromptText.Role.SYSTEM, TOOLS);
      tools(tools, names);
      functions(legacy);
      scan.end();
    }
    choice(body, names);
    body.flag("parallel_tool_calls");
  }

  private void tools(@Nullable JsonNode tools, Set<String> names) {
    if (tools == null) {
      return;
    }
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
      scan.structure(node);
    }
  }

  private void functions(@Nullable JsonNode functions) {
    if (functions == null) {
      return;
    }
    int index = 0;
    for (var node : functions) {
      name(Fields.of(node, "functions[" + index++ + "]"));
      scan.structure(node);
    }
  }

  private static String name(Fields function) {
    var name = function.requiredText("name");
    if (name.isBlank()) {
      throw function.invalid("name", "invalid_value", "must not be empty");
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
    var function = Fields.of(choice, CHOICE).fields(FUNCTION);
    if (function != null && !names.contains(function.requiredText("name"))) {
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
