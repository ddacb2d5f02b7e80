package org.brokecluster.coordinator.http.api;

/**
 * What became of an order to a node.
 *
 * @param message what happened, for people
 */
public record ActionResult(boolean accepted, String node, String message) {}
