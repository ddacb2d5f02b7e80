package org.brokecluster.protocol.router;

import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.node.AttemptFailure;
import org.jspecify.annotations.Nullable;

/**
 * Where a request was tried in vain.
 *
 * @param model the model that failed there, or null if the failure speaks against the whole node
 * @param why class of the last failure there
 * @param times failures there, at least 1
 */
public record Tried(NodeId node, @Nullable ModelId model, AttemptFailure.Kind why, int times) {

  /** A node that is out of reach, whatever model is wanted. */
  public static Tried node(NodeId node) {
    return new Tried(node, null, AttemptFailure.Kind.NODE_LOST, 1);
  }

  /** The same place after a further failure. */
  public Tried again(AttemptFailure.Kind latest) {
    return new Tried(node, model, latest, times + 1);
  }
}
