package org.brokecluster.node.runtime.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.brokecluster.protocol.node.TokenChunk;
import org.jspecify.annotations.Nullable;

/**
 * Puts tool calls in order: each gets a number and an id, is announced once with its name, and has
 * arguments that are JSON even if they are empty. Not thread safe.
 */
final class ToolCalls {
  private static final String NO_ARGUMENTS = "{}";

  private final AnswerRules rules;
  private final Consumer<TokenChunk> out;
  private final List<Call> calls = new ArrayList<>();

  /** A call seen so far; arguments that come before its name are kept until then. */
  private static final class Call {
    private final int wireIndex;
    private String wireId;
    private boolean announced;
    private boolean ignored;
    private boolean hasArguments;
    private final StringBuilder early = new StringBuilder();

    private Call(int wireIndex, String wireId) {
      this.wireIndex = wireIndex;
      this.wireId = wireId;
    }
  }

  ToolCalls(AnswerRules rules, Consumer<TokenChunk> out) {
    this.rules = rules;
    this.out = out;
  }

  /** Whether there is a call the client knows of. */
  boolean any() {
    return !calls.isEmpty() && calls.get(0).announced;
  }

  /** Whether there is a call that never got a name. */
  boolean anyNameless() {
    return calls.stream().anyMatch(call -> !call.announced && !call.ignored);
  }

  /** A further piece. */
  void accept(ToolDelta delta) {
    int index = find(delta);
    if (index < 0) {
      index = calls.size();
      calls.add(new Call(delta.index(), delta.id() == null ? "" : delta.id()));
      calls.get(index).ignored = index > 0 && rules.oneToolCall();
    }
    var call = calls.get(index);
    if (call.ignored) {
      return;
    }
    if (call.announced) {
      arguments(call, index, delta.arguments());
    } else {
      announce(call, index, delta);
    }
  }

  /** No further piece comes: a call without arguments gets empty ones. */
  void end() {
    for (int index = 0; index < calls.size(); index++) {
      var call = calls.get(index);
      if (call.announced && !call.hasArguments) {
        arguments(call, index, NO_ARGUMENTS);
      }
    }
  }

  private void announce(Call call, int index, ToolDelta delta) {
    call.early.append(delta.arguments());
    if (call.wireId.isEmpty() && delta.id() != null) {
      call.wireId = delta.id();
    }
    var name = delta.name();
    if (name == null || name.isEmpty()) {
      return;
    }
    call.announced = true;
    call.hasArguments = !call.early.isEmpty();
    var id = call.wireId.isEmpty() ? rules.idPrefix() + index : call.wireId;
    out.accept(new TokenChunk(TokenChunk.Kind.TOOL_CALL, index, id, name, call.early.toString()));
  }

  private void arguments(Call call, int index, String text) {
    if (!text.isEmpty()) {
      call.hasArguments = true;
      out.accept(new TokenChunk(TokenChunk.Kind.TOOL_CALL, index, null, null, text));
    }
  }

  /** The call a piece belongs to, -1 if it begins a new one. */
  private int find(ToolDelta delta) {
    boolean hasId = delta.id() != null && !delta.id().isEmpty();
    boolean hasIndex = delta.index() >= 0;
    if (!hasId && !hasIndex) {
      return isNamed(delta.name()) ? -1 : calls.size() - 1;
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

  private static boolean isNamed(@Nullable String name) {
    return name != null && !name.isEmpty();
  }
}
