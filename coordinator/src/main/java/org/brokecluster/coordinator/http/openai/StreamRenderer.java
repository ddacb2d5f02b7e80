package org.brokecluster.coordinator.http.openai;

import java.util.List;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.json.JsonBytes;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.jspecify.annotations.Nullable;

/**
 * Writes one streamed answer as server-sent events of OpenAI's shape: {@link #start}, any number of
 * {@link #tokens}, {@link #finish}, then {@link #done}; {@link #error} instead of the last two
 * where the answer broke. Appends to the buffer it is given. Not thread safe: one renderer for each
 * answer.
 */
public sealed interface StreamRenderer permits ChatStreamRenderer, CompletionStreamRenderer {

  /** What begins an answer, if the API has such a thing. */
  void start(JsonBytes out);

  /** Pieces of the answer, in order, one event for each; what only belongs to another joins it. */
  void tokens(List<TokenChunk> chunks, JsonBytes out);

  /**
   * The finish reason, and the usage if it was asked for.
   *
   * @param extras JSON object for the key {@code broke} of the last event, or null for none
   */
  void finish(FinishReason reason, Usage usage, @Nullable String extras, JsonBytes out);

  /** The end of the stream. */
  default void done(JsonBytes out) {
    out.raw(SseBytes.DONE);
  }

  /** An error in the middle of a stream: the last event, with neither finish reason nor end. */
  default void error(ApiError error, JsonBytes out) {
    out.raw(SseBytes.DATA);
    error.write(out);
    out.raw(SseBytes.END);
  }

  /**
   * The renderer for an API.
   *
   * @param includeUsage whether the client asked for a usage event
   */
  static StreamRenderer of(Api api, AnswerIdentity identity, boolean includeUsage) {
    return switch (api) {
      case CHAT -> new ChatStreamRenderer(identity, includeUsage);
      case COMPLETION -> new CompletionStreamRenderer(identity, includeUsage);
    };
  }
}
