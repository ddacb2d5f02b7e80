package org.brokecluster.node.runtime.answer;

import org.jspecify.annotations.Nullable;

/**
 * A piece of a tool call as it came.
 *
 * @param index number the runtime gave, -1 if none
 * @param id the runtime's id, in the first piece at most
 * @param name function name, in the first piece at most
 * @param arguments JSON text, or a fragment of it
 */
public record ToolDelta(int index, @Nullable String id, @Nullable String name, String arguments) {
  /** Shows no arguments: they are text of the answer. */
  @Override
  public String toString() {
    return "ToolDelta[%d %s %d chars]".formatted(index, name, arguments.length());
  }
}
