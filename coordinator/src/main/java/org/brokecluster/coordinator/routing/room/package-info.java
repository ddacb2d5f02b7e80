/** Who may take which place: limits of the cluster and its nodes, and what is kept for others. */
@NullMarked
package org.brokecluster.coordinator.routing.room;

import org.jspecify.annotations.NullMarked;
