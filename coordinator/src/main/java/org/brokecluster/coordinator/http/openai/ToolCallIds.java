package org.brokecluster.coordinator.http.openai;

import java.util.HashMap;
import java.util.Map;
import org.brokecluster.protocol.node.TokenChunk;
import org.jspecify.annotations.Nullable;

/** Gives every tool call of an answer an id, also where the runtime gave none. Not thread safe. */
final class ToolCallIds {
  private final String answer;
  private final Map<Integer, String> ids = new HashMap<>();

  /** For the answer with this id. */
  ToolCallIds(String answer) {
    this.answer = answer;
  }

  /** The id of the call this chunk begins, or null if the call has begun before. */
  @Nullable String begin(TokenChunk chunk) {
    if (ids.containsKey(chunk.index())) {
      return null;
    }
    var given = chunk.id();
    var id =
        given == null || given.isBlank()
            ? "call_" + answer.substring(answer.indexOf('-') + 1) + "_" + chunk.index()
            : given;
    ids.put(chunk.index(), id);
    return id;
  }
}
