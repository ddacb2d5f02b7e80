package org.brokecluster.coordinator.whatif;

import org.brokecluster.coordinator.history.event.NodeOffer;
import org.brokecluster.protocol.id.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * A change of the recorded fleet.
 *
 * @param offer what the node can do, or null if it is gone
 * @param draining takes no new work
 * @param heard whether it could be spoken to
 */
record FleetChange(
    long atMs, NodeId node, @Nullable NodeOffer offer, boolean draining, boolean heard) {}
