package org.brokecluster.coordinator.routing.decision;

/**
 * What stands in the way of one candidate, as the prediction sees it.
 *
 * @param inFlight attempts of the model on the node, running or waiting there
 * @param onNode attempts of all models on the node
 * @param widest largest number of slots among the models of the node
 * @param otherBusy other models that have work on the node
 * @param ahead requests in the router's queue that wait for the same place before this one
 * @param waiting other requests in the router's queue that wait for any place on the node
 * @param soonestMs predicted time until one of the attempts ends, or -1 if unknown
 * @param ownLeftMs predicted time that the attempts of the model there still take, added up
 * @param otherLeftMs the same for all other models on the node
 * @param displacedTokens tokens of other prompts that the cache there forgets for this one
 * @param evictedMs time that others lose because their models leave the memory for it
 * @param loadMs predicted time until the model is in memory, 0 if it is
 * @param blocked whether it cannot start now although a slot may be free: memory is taken
 */
record Pressure(
    int inFlight,
    int onNode,
    int widest,
    int otherBusy,
    int ahead,
    int waiting,
    double soonestMs,
    double ownLeftMs,
    double otherLeftMs,
    int displacedTokens,
    double evictedMs,
    double loadMs,
    boolean blocked) {

  /** The same with fewer attempts of the model on the node. */
  Pressure withFewer(int count) {
    int left = inFlight - count;
    return new Pressure(
        left,
        onNode - count,
        widest,
        otherBusy,
        ahead,
        waiting,
        left == 0 ? -1 : soonestMs,
        inFlight == 0 ? 0 : ownLeftMs * left / inFlight,
        otherLeftMs,
        displacedTokens,
        evictedMs,
        loadMs,
        blocked);
  }

  /** The same with the model in memory. */
  Pressure loaded() {
    return new Pressure(
        inFlight,
        onNode,
        widest,
        otherBusy,
        ahead,
        waiting,
        soonestMs,
        ownLeftMs,
        otherLeftMs,
        displacedTokens,
        0,
        0,
        false);
  }
}
