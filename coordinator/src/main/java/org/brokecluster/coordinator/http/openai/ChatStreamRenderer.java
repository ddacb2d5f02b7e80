package org.brokecluster.coordinator.http.openai;

import java.util.List;
import org.brokecluster.coordinator.http.json.JsonBytes;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.jspecify.annotations.Nullable;

/**
 * Streams of {@code /v1/chat/completions}: the role in an event of its own, then one event a chunk,
 * then the finish reason in an event of its own. Head and tail of all events are made once.
 */
final class ChatStreamRenderer implements StreamRenderer {
  private static final String OBJECT = "chat.completion.chunk";
  private static final byte[] ROLE =
      SseBytes.ascii("{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},");
  private static final byte[] CONTENT = SseBytes.ascii("{\"index\":0,\"delta\":{\"content\":\"");
  private static final byte[] REASONING =
      SseBytes.ascii("{\"index\":0,\"delta\":{\"reasoning_content\":\"");
  private static final byte[] TOOL_CALL =
      SseBytes.ascii("{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":");
  private static final byte[] TEXT_END = SseBytes.ascii("\"},");
  private static final byte[] TOOL_CALL_END = SseBytes.ascii("\"}}]},");
  private static final byte[] UNFINISHED = SseBytes.ascii("\"finish_reason\":null}");

  private final byte[] head;
  private final byte[] tail;
  private final byte[] plainEnd;
  private final boolean includeUsage;
  private final ToolCallIds toolCalls;
  private final SplitPairs content = new SplitPairs();
  private final SplitPairs reasoning = new SplitPairs();
  private final SplitPairs arguments = new SplitPairs();

  ChatStreamRenderer(AnswerIdentity identity, boolean includeUsage) {
    this.includeUsage = includeUsage;
    this.toolCalls = new ToolCallIds(identity.id());
    head = SseBytes.head(identity, OBJECT);
    tail = SseBytes.tail(includeUsage);
    var end = new JsonBytes(64);
    plainEnd = end.raw(TEXT_END).raw(UNFINISHED).raw(tail).toBytes();
  }

  @Override
  public void start(JsonBytes out) {
    out.raw(head).raw(ROLE).raw(UNFINISHED).raw(tail);
  }

  @Override
  public void tokens(List<TokenChunk> chunks, JsonBytes out) {
    int count = chunks.size();
    for (int i = 0; i < count; i++) {
      var chunk = chunks.get(i);
      switch (chunk.kind()) {
        case CONTENT -> {
          var next = i + 1 < count ? chunks.get(i + 1) : null;
          if (next != null && next.kind() == TokenChunk.Kind.LOGPROBS) {
            logprobs(chunk.text(), next.text(), out);
            i++;
          } else {
            text(CONTENT, content.next(chunk.text()), out);
          }
        }
        case REASONING -> text(REASONING, reasoning.next(chunk.text()), out);
        case TOOL_CALL -> toolCall(chunk, out);
        case LOGPROBS -> logprobs("", chunk.text(), out);
      }
    }
  }

  @Override
  public void finish(FinishReason reason, Usage usage, @Nullable String extras, JsonBytes out) {
    out.raw(head).raw("{\"index\":0,\"delta\":{},\"finish_reason\":\"");
    out.raw(reason.label()).raw("\"}");
    SseBytes.last(head, includeUsage, usage, extras, out);
  }

  private void text(byte[] opening, String text, JsonBytes out) {
    if (!text.isEmpty()) {
      out.raw(head).raw(opening).escaped(text).raw(plainEnd);
    }
  }

  private void logprobs(String text, String json, JsonBytes out) {
    out.raw(head).raw(CONTENT).escaped(content.next(text)).raw(TEXT_END);
    out.raw("\"logprobs\":").json(json).raw(",").raw(UNFINISHED).raw(tail);
  }

  private void toolCall(TokenChunk chunk, JsonBytes out) {
    out.raw(head).raw(TOOL_CALL).number(chunk.index());
    var id = toolCalls.begin(chunk);
    if (id == null) {
      out.raw(",\"function\":{\"arguments\":\"");
    } else {
      var name = chunk.name();
      out.raw(",\"id\":").string(id).raw(",\"type\":\"function\",\"function\":{\"name\":");
      out.string(name == null ? "" : name).raw(",\"arguments\":\"");
    }
    out.escaped(arguments.next(chunk.text())).raw(TOOL_CALL_END).raw(UNFINISHED).raw(tail);
  }
}
