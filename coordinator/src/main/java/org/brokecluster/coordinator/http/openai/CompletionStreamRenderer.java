package org.brokecluster.coordinator.http.openai;

import java.util.List;
import org.brokecluster.coordinator.http.json.JsonBytes;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.jspecify.annotations.Nullable;

/**
 * Streams of {@code /v1/completions}: text only, from the first event to the one with the finish
 * reason. The API knows neither thinking nor tools; should a runtime separate thinking here all the
 * same, it is text.
 */
final class CompletionStreamRenderer implements StreamRenderer {
  private static final String OBJECT = "text_completion";
  private static final byte[] TEXT = SseBytes.ascii("{\"text\":\"");
  private static final byte[] TEXT_END = SseBytes.ascii("\",\"index\":0,\"logprobs\":");
  private static final byte[] UNFINISHED = SseBytes.ascii(",\"finish_reason\":null}");
  private static final byte[] NULL = SseBytes.ascii("null");

  private final byte[] head;
  private final byte[] tail;
  private final byte[] plainEnd;
  private final boolean includeUsage;
  private final SplitPairs text = new SplitPairs();

  CompletionStreamRenderer(AnswerIdentity identity, boolean includeUsage) {
    this.includeUsage = includeUsage;
    head = SseBytes.head(identity, OBJECT);
    tail = SseBytes.tail(includeUsage);
    var end = new JsonBytes(64);
    plainEnd = end.raw(TEXT_END).raw(NULL).raw(UNFINISHED).raw(tail).toBytes();
  }

  @Override
  public void start(JsonBytes out) {
    // This API has no role to announce: the first text is the first event.
  }

  @Override
  public void tokens(List<TokenChunk> chunks, JsonBytes out) {
    int count = chunks.size();
    for (int i = 0; i < count; i++) {
      var chunk = chunks.get(i);
      switch (chunk.kind()) {
        case CONTENT, REASONING -> {
          var next = i + 1 < count ? chunks.get(i + 1) : null;
          if (next != null && next.kind() == TokenChunk.Kind.LOGPROBS) {
            logprobs(chunk.text(), next.text(), out);
            i++;
          } else {
            plain(text.next(chunk.text()), out);
          }
        }
        case TOOL_CALL -> plain(text.next(chunk.text()), out);
        case LOGPROBS -> logprobs("", chunk.text(), out);
      }
    }
  }

  @Override
  public void finish(FinishReason reason, Usage usage, @Nullable String extras, JsonBytes out) {
    out.raw(head).raw(TEXT).raw(TEXT_END).raw(NULL);
    out.raw(",\"finish_reason\":\"").raw(reason.label()).raw("\"}");
    SseBytes.last(head, includeUsage, usage, extras, out);
  }

  private void plain(String piece, JsonBytes out) {
    if (!piece.isEmpty()) {
      out.raw(head).raw(TEXT).escaped(piece).raw(plainEnd);
    }
  }

  private void logprobs(String piece, String json, JsonBytes out) {
    out.raw(head).raw(TEXT).escaped(text.next(piece)).raw(TEXT_END).json(json);
    out.raw(UNFINISHED).raw(tail);
  }
}
