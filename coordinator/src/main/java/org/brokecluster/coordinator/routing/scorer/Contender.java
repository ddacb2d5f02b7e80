package org.brokecluster.coordinator.routing.scorer;

import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Tier;

/** A model on a node that could serve the request, as a strategy sees it. Every term is 0 to 1. */
public interface Contender {
  /** The model. */
  ModelId model();

  /** The node. */
  NodeId node();

  /** The model's tier. */
  Tier tier();

  /** 1 minus the quality temperature. */
  double quality();

  /** 1 for an answer at once, one half at the reference time, towards 0 for ever. */
  double speed();

  /** 1 for a model that takes no memory, falling with its size and on a battery. */
  double cost();

  /** 1 for an idle node, 0 for a full one. */
  double load();

  /** Predicted time to the first token, in milliseconds, waiting included. */
  double firstTokenMs();

  /** Predicted time to the last token, in milliseconds, waiting included. */
  double finishMs();

  /** Whether a slot is free now. */
  boolean free();

  /** Place among the contenders of the nearest tier, from 0 in order of model and node; else -1. */
  int place();
}
