package org.brokecluster.coordinator.content;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Map;
import java.util.TreeMap;
import org.brokecluster.protocol.node.TokenChunk;
import org.jspecify.annotations.Nullable;

/** What an answer says, written down up to a length. Used by one thread. */
final class AnswerText {
  private final int max;
  private final StringBuilder content = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final Map<Integer, ToolCall> calls = new TreeMap<>();
  private int size;
  private boolean cut;

  private static final class ToolCall {
    private @Nullable String name;
    private final StringBuilder arguments = new StringBuilder();
  }

  /**
   * Without a word.
   *
   * @param max characters, all kinds together
   */
  AnswerText(int max) {
    this.max = max;
  }

  void add(TokenChunk chunk) {
    switch (chunk.kind()) {
      case CONTENT -> append(content, chunk.text());
      case REASONING -> append(reasoning, chunk.text());
      case TOOL_CALL -> {
        var call = calls.computeIfAbsent(chunk.index(), index -> new ToolCall());
        if (chunk.name() != null) {
          call.name = chunk.name();
        }
        append(call.arguments, chunk.text());
      }
      case LOGPROBS -> {}
    }
  }

  void clear() {
    content.setLength(0);
    reasoning.setLength(0);
    calls.clear();
    size = 0;
    cut = false;
  }

  /** Characters so far. */
  int size() {
    return size;
  }

  boolean isCut() {
    return cut;
  }

  String content() {
    return content.toString();
  }

  String reasoning() {
    return reasoning.toString();
  }

  /** A {@code name} and {@code arguments} each. */
  ArrayNode toolCalls() {
    var list = JsonNodeFactory.instance.arrayNode();
    for (var call : calls.values()) {
      list.addObject().put("name", call.name).put("arguments", call.arguments.toString());
    }
    return list;
  }

  private void append(StringBuilder to, String text) {
    int room = max - size;
    if (text.length() > room) {
      cut = true;
      to.append(text, 0, room);
      size = max;
    } else {
      to.append(text);
      size += text.length();
    }
  }
}
