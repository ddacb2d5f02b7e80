package org.brokecluster.coordinator.http.api;

/**
 * What became of an order to a node.
 *
 * @param accepted false if the node refused
 * @param begun whether it is still being carried out
 * @param message what happened, for people
 */
public record ActionResult(boolean accepted, boolean begun, String node, String message) {
  /** An order that has been carried out or refused. */
  public ActionResult(boolean accepted, String node, String message) {
    this(accepted, false, node, message);
  }
}
