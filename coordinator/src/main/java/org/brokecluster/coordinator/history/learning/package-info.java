/**
 * What the router learns from its own events: how far its times are off, which model answers well
 * for whom, and which model a conversation has. All of it is a fold of {@link
 * org.brokecluster.coordinator.history.event.RoutingEvent}s, so that a replay learns the same.
 */
@NullMarked
package org.brokecluster.coordinator.history.learning;

import org.jspecify.annotations.NullMarked;
