package org.brokecluster.node.runtime.answer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.brokecluster.protocol.node.TokenChunk.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Makes normal chunks, one finish reason and one usage of what a runtime sends in its own way: text
 * that is valid and free of stop tokens, thinking apart from the answer, tool calls with number,
 * name and id. Not thread safe.
 */
public final class AnswerAssembler {
  private static final int ESTIMATED_BYTES_PER_TOKEN = 4;

  /** A runtime that counts a little differently does not ignore the limit. */
  private static final int LIMIT_MARGIN = 16;

  private static final Set<String> ERRORS = Set.of("error", "abort");
  private static final Set<String> CALLS = Set.of("tool_calls", "tool_call", "function_call");

  private final AnswerRules rules;
  private final Deque<TokenChunk> ready = new ArrayDeque<>();
  private final ToolCalls calls;
  private final @Nullable ThinkBlock block;
  private final SplitCharacters contentCharacters = new SplitCharacters();
  private final SplitCharacters reasoningCharacters = new SplitCharacters();
  private final EndMarkers markers = new EndMarkers();
  private @Nullable String finish;
  private @Nullable Usage usage;
  private boolean reasoned;
  private boolean spoken;
  private boolean cutByUs;
  private int made;

  /** An assembler for one answer. */
  public AnswerAssembler(AnswerRules rules) {
    this.rules = rules;
    calls = new ToolCalls(rules, ready::add);
    block = rules.splitsThinking() ? new ThinkBlock(this::split) : null;
  }

  /** Chunks that are ready to be handed on; the taker removes them. */
  public Deque<TokenChunk> ready() {
    return ready;
  }

  /** Whether the runtime has given its finish reason. */
  public boolean finished() {
    return finish != null;
  }

  /** Whether the runtime goes on beyond the client's limit, so that the answer ends here. */
  public boolean beyondLimit() {
    return cutByUs;
  }

  /**
   * A piece of the answer's text; empty is nothing. Behind the finish reason it is a repetition and
   * left out.
   *
   * @param logprobs log probabilities of its tokens as a JSON object, or null
   */
  public void content(String text, @Nullable String logprobs) {
    if (text.isEmpty() || finish != null) {
      return;
    }
    made++;
    if (logprobs != null) {
      // Text with probabilities stays with them.
      flushText(false);
      ready.add(TokenChunk.content(text));
      ready.add(new TokenChunk(Kind.LOGPROBS, 0, null, null, logprobs));
    } else if (block != null) {
      block.next(text);
    } else {
      speak(text);
    }
    checkLimit();
  }

  /** A piece of thinking; empty is nothing. */
  public void reasoning(String text) {
    if (!text.isEmpty() && finish == null) {
      made++;
      think(text);
      checkLimit();
    }
  }

  /** A piece of a tool call. */
  public void toolCall(ToolDelta delta) {
    if (finish == null) {
      made++;
      flushText(true);
      calls.accept(delta);
    }
  }

  /** The finish reason in the runtime's word; the first one counts. */
  public void finish(@Nullable String word) {
    if (word != null && !word.isEmpty() && finish == null) {
      finish = word.toLowerCase(Locale.ROOT);
      boolean whole = reason() != FinishReason.LENGTH;
      flushText(whole);
      if (whole) {
        calls.end();
      }
    }
  }

  /** Counts; some send empty ones along with each chunk. */
  public void usage(@Nullable Usage counted) {
    if (counted != null && (usage == null || counted.totalTokens() > 0)) {
      usage = counted;
    }
  }

  /** Why the answer ended. */
  public FinishReason reason() {
    if (cutByUs) {
      return FinishReason.LENGTH;
    }
    return switch (finish == null ? "" : finish) {
      case "length", "max_tokens" -> FinishReason.LENGTH;
      case "content_filter" -> FinishReason.CONTENT_FILTER;
      // Some say "stop" behind a tool call.
      default -> calls.any() ? FinishReason.TOOL_CALLS : FinishReason.STOP;
    };
  }

  /** What is wrong with an answer that the runtime takes for whole, or null. */
  public @Nullable AttemptFailure flaw() {
    var word = finish == null ? "" : finish;
    if (ERRORS.contains(word)) {
      return AttemptFailure.of(
          AttemptFailure.Kind.RUNTIME_ERROR,
          "runtime_error",
          "the runtime ended the answer with an error");
    }
    boolean lost = CALLS.contains(word) && !calls.any();
    if (lost || (calls.anyNameless() && reason() != FinishReason.LENGTH)) {
      return AttemptFailure.of(
          AttemptFailure.Kind.RUNTIME_ERROR,
          "malformed_tool_call",
          "the model began a tool call that the runtime could not read; try again");
    }
    return null;
  }

  /** The runtime's counts, or our own where it gave none. */
  public Usage usage() {
    var counted = usage;
    if (counted != null && counted.totalTokens() > 0) {
      return counted;
    }
    return Usage.estimate(Math.max(1, rules.promptBytes() / ESTIMATED_BYTES_PER_TOKEN), made);
  }

  private void split(Kind kind, String text) {
    if (kind == Kind.REASONING) {
      think(text);
    } else {
      speak(text);
    }
  }

  private void think(String text) {
    reasoned = true;
    emit(Kind.REASONING, reasoningCharacters.next(text));
  }

  private void speak(String text) {
    emit(Kind.CONTENT, markers.next(contentCharacters.next(afterThinking(text))));
  }

  /** Templates put empty lines between the thinking and the answer; they belong to neither. */
  private String afterThinking(String text) {
    if (!reasoned || spoken) {
      return text;
    }
    int from = 0;
    while (from < text.length() && text.charAt(from) == '\n') {
      from++;
    }
    return text.substring(from);
  }

  private void emit(Kind kind, String text) {
    if (!text.isEmpty()) {
      spoken |= kind == Kind.CONTENT;
      ready.add(new TokenChunk(kind, 0, null, null, text));
    }
  }

  /** The text is over, for now at least: what was held back is settled. */
  private void flushText(boolean strip) {
    emit(Kind.REASONING, reasoningCharacters.end());
    if (block != null) {
      block.end();
    }
    emit(Kind.CONTENT, markers.next(contentCharacters.end()));
    emit(Kind.CONTENT, markers.end(strip));
  }

  private void checkLimit() {
    var limit = rules.tokenLimit();
    if (limit != null && made - LIMIT_MARGIN >= limit) {
      cutByUs = true;
      finish("length");
    }
  }
}
