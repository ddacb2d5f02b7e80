package org.brokecluster.node.models;

import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.protocol.state.ModelFacts;
import org.jspecify.annotations.Nullable;

/**
 * Where a model stands on this host at a moment.
 *
 * @param progress share of a running load, 0 to 1; absent otherwise
 * @param reason why it is failed or unsupported; absent otherwise
 */
public record ModelStatus(
    ModelFacts facts,
    ModelState state,
    @Nullable Double progress,
    @Nullable String reason,
    boolean pinned,
    Speed speed) {

  /** Streams it can run side by side now; 0 if it cannot be served. */
  public int slots() {
    return state.servable() ? facts.slots() : 0;
  }
}
