package org.brokecluster.coordinator.history.event;

import java.util.List;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.protocol.state.ModelLoad;

/**
 * What a node can do, so that a replay can decide for it again.
 *
 * @param memoryFreeBytes memory a further model could take, 0 if unknown
 * @param models every model with its state and speed
 */
public record NodeOffer(long memoryFreeBytes, List<Model> models) {
  /** Copies the list. */
  public NodeOffer {
    models = List.copyOf(models);
  }

  /** One model on the node. */
  public record Model(ModelFacts facts, ModelLoad load) {}
}
