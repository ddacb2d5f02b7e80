package org.brokecluster.node.runtime.openai;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.brokecluster.node.runtime.openai.EventReader.ToolDelta;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.jspecify.annotations.Nullable;

/**
 * Makes normal chunks, one finish reason and one usage of what a runtime sends in its own way. Not
 * thread safe.
 */
final class AnswerAssembler {
  private static final int ESTIMATED_BYTES_PER_TOKEN = 4;

  private final String idPrefix;
  private final int promptBytes;
  private final Deque<TokenChunk> ready = new ArrayDeque<>();
  private final List<Call> calls = new ArrayList<>();
  private @Nullable String finish;
  private @Nullable Usage usage;
  private int made;

  /** A tool call seen so far: the runtime's number and id of it. */
  private record Call(int wireIndex, String wireId) {}

  /**
   * An assembler for one answer.
   *
   * @param idPrefix begins the ids of tool calls that come without one
   * @param promptBytes size of the request, to estimate the prompt where no usage comes
   */
  AnswerAssembler(String idPrefix, int promptBytes) {
    this.idPrefix = idPrefix;
    this.promptBytes = promptBytes;
  }

  /** Chunks that are ready to be handed on; the taker removes them. */
  Deque<TokenChunk> ready() {
    return ready;
  }

  /** Whether the runtime has given its finish reason. */
  boolean finished() {
    return finish != null;
  }

  /** Whether the runtime has ended the answer with an error for a finish reason. */
  boolean finishedInError() {
    return "error".equals(finish) || "abort".equals(finish);
  }

  /** Takes an event in. */
  void accept(EventReader event) {
    if (!event.reasoning().isEmpty()) {
      add(TokenChunk.reasoning(event.reasoning()));
    }
    if (!event.content().isEmpty()) {
      add(TokenChunk.content(event.content()));
      if (event.logprobs() != null) {
        ready.add(new TokenChunk(TokenChunk.Kind.LOGPROBS, 0, null, null, event.logprobs()));
      }
    }
    event.toolCalls().forEach(this::toolCall);
    if (event.finish() != null) {
      finish = event.finish();
    }
    // Some send empty counts along with each chunk.
    var counted = event.usage();
    if (counted != null && (usage == null || counted.totalTokens() > 0)) {
      usage = counted;
    }
  }

  /** Why the answer ended. */
  FinishReason reason() {
    var word = finish == null ? "" : finish.toLowerCase(Locale.ROOT);
    return switch (word) {
      case "length", "max_tokens" -> FinishReason.LENGTH;
      case "content_filter" -> FinishReason.CONTENT_FILTER;
      // Some say "stop" behind a tool call, some "tool_calls" where the call could not be read.
      default -> calls.isEmpty() ? FinishReason.STOP : FinishReason.TOOL_CALLS;
    };
  }

  /** The runtime's counts, or our own where it gave none. */
  Usage usage() {
    if (usage != null && usage.totalTokens() > 0) {
      return usage;
    }
    return new Usage(Math.max(1, promptBytes / ESTIMATED_BYTES_PER_TOKEN), made, 0);
  }

  /** Takes a chunk of content or reasoning in. */
  void add(TokenChunk chunk) {
    ready.add(chunk);
    made++;
  }

  private void toolCall(ToolDelta delta) {
    int known = find(delta);
    if (known >= 0) {
      if (!delta.arguments().isEmpty()) {
        add(new TokenChunk(TokenChunk.Kind.TOOL_CALL, known, null, null, delta.arguments()));
      }
      return;
    }
    int index = calls.size();
    var wireId = delta.id() == null ? "" : delta.id();
    calls.add(new Call(delta.index(), wireId));
    var id = wireId.isEmpty() ? idPrefix + index : wireId;
    var name = delta.name() == null ? "" : delta.name();
    add(new TokenChunk(TokenChunk.Kind.TOOL_CALL, index, id, name, delta.arguments()));
  }

  /** The call a piece belongs to, -1 if it begins a new one. */
  private int find(ToolDelta delta) {
    boolean hasId = delta.id() != null && !delta.id().isEmpty();
    boolean hasIndex = delta.index() >= 0;
    if (!hasId && !hasIndex) {
      return delta.name() == null ? calls.size() - 1 : -1;
    }
    for (int i = calls.size() - 1; i >= 0; i--) {
      var call = calls.get(i);
      boolean sameIndex = call.wireIndex == delta.index();
      if (hasId ? sameIndex && call.wireId.equals(delta.id()) : sameIndex) {
        return i;
      }
    }
    return -1;
  }
}
