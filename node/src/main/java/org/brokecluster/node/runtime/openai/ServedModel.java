package org.brokecluster.node.runtime.openai;

import org.brokecluster.node.runtime.RuntimeModel;
import org.jspecify.annotations.Nullable;

/**
 * A model of an attached server.
 *
 * @param wireName what the server calls it
 * @param dialect how the server speaks
 */
record ServedModel(RuntimeModel model, String wireName, Dialect dialect) {
  /** Its longest prompt plus answer in tokens, if known. */
  @Nullable Integer contextLength() {
    return model.facts().contextLength();
  }
}
