/**
 * What the core knows of the nodes: plain values, built from gossip, a recording or a simulation.
 */
@NullMarked
package org.brokecluster.coordinator.routing.state;

import org.jspecify.annotations.NullMarked;
