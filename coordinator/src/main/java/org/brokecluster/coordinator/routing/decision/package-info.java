/** From a request and the state of the nodes to a model on a node, with the reasons. */
@NullMarked
package org.brokecluster.coordinator.routing.decision;

import org.jspecify.annotations.NullMarked;
