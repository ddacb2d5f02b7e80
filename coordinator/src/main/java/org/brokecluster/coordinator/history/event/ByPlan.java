package org.brokecluster.coordinator.history.event;

import java.time.Instant;

/**
 * Why a model was in a node's memory when a request came: the plan had it brought there.
 *
 * @param at when it was ordered
 * @param why in words, as in {@link RoutingEvent.Arranged}
 */
public record ByPlan(Instant at, String why) {}
