package org.brokecluster.coordinator.http.openai;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.brokecluster.coordinator.http.json.JsonBytes;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.jspecify.annotations.Nullable;

/**
 * Joins the chunks of an answer that is not streamed, and writes it as one object of OpenAI's
 * shape. Not thread safe: one for each answer; {@link #clear} begins anew with another attempt.
 */
public final class AnswerAssembler {
  private final Api api;
  private final long limit;
  private final StringBuilder content = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final Map<Integer, ToolCall> toolCalls = new TreeMap<>();
  private final List<String> logprobs = new ArrayList<>();
  private long size;

  private static final class ToolCall {
    private final TokenChunk first;
    private final StringBuilder arguments = new StringBuilder();

    private ToolCall(TokenChunk first) {
      this.first = first;
    }
  }

  /**
   * An empty answer.
   *
   * @param limit most characters the answer may have
   */
  public AnswerAssembler(Api api, long limit) {
    this.api = api;
    this.limit = limit;
  }

  /** Adds a chunk; false, and nothing is added, if the answer would grow beyond its limit. */
  public boolean add(TokenChunk chunk) {
    var text = chunk.text();
    if (size + text.length() > limit) {
      return false;
    }
    size += text.length();
    switch (chunk.kind()) {
      case CONTENT -> content.append(text);
      case REASONING -> (api == Api.CHAT ? reasoning : content).append(text);
      case TOOL_CALL ->
          toolCalls.computeIfAbsent(chunk.index(), i -> new ToolCall(chunk)).arguments.append(text);
      case LOGPROBS -> logprobs.add(text);
    }
    return true;
  }

  /** Forgets everything, for another attempt at the same answer. */
  public void clear() {
    content.setLength(0);
    reasoning.setLength(0);
    toolCalls.clear();
    logprobs.clear();
    size = 0;
  }

  /** Characters so far, of every kind. */
  public long size() {
    return size;
  }

  /**
   * The whole answer as JSON.
   *
   * @param extras JSON object for the key {@code broke}, or null for none
   */
  public byte[] render(
      AnswerIdentity identity, FinishReason reason, Usage usage, @Nullable String extras) {
    var out = new JsonBytes((int) Math.min(384 + size + size / 16, 1 << 20));
    out.raw("{\"id\":").string(identity.id()).raw(",\"object\":\"").raw(object());
    out.raw("\",\"created\":").number(identity.created());
    out.raw(",\"model\":").string(identity.model()).raw(",\"choices\":[{\"index\":0,");
    switch (api) {
      case CHAT -> message(identity, out);
      case COMPLETION -> out.raw("\"text\":").string(content.toString());
    }
    out.raw(",\"logprobs\":");
    LogprobsJson.merge(logprobs, out);
    out.raw(",\"finish_reason\":\"").raw(reason.label()).raw("\"}],\"usage\":");
    SseBytes.usage(usage, out);
    if (extras != null) {
      out.raw(",\"broke\":").json(extras);
    }
    return out.raw("}").toBytes();
  }

  private String object() {
    return switch (api) {
      case CHAT -> "chat.completion";
      case COMPLETION -> "text_completion";
    };
  }

  private void message(AnswerIdentity identity, JsonBytes out) {
    out.raw("\"message\":{\"role\":\"assistant\",\"content\":");
    out.string(content.isEmpty() && !toolCalls.isEmpty() ? null : content.toString());
    out.raw(",\"refusal\":null");
    if (!reasoning.isEmpty()) {
      out.raw(",\"reasoning_content\":").string(reasoning.toString());
    }
    if (!toolCalls.isEmpty()) {
      out.raw(",\"tool_calls\":[");
      var ids = new ToolCallIds(identity.id());
      boolean later = false;
      for (var call : toolCalls.values()) {
        out.raw(later ? "," : "");
        toolCall(call, ids, out);
        later = true;
      }
      out.raw("]");
    }
    out.raw("}");
  }

  private static void toolCall(ToolCall call, ToolCallIds ids, JsonBytes out) {
    var name = call.first.name();
    out.raw("{\"id\":").string(ids.begin(call.first));
    out.raw(",\"type\":\"function\",\"function\":{\"name\":").string(name == null ? "" : name);
    out.raw(",\"arguments\":").string(call.arguments.toString()).raw("}}");
  }
}
