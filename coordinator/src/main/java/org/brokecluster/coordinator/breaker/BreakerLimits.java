package org.brokecluster.coordinator.breaker;

/**
 * When a model on a node is left alone. Part of a term's first event, so that a fold needs no
 * configuration.
 *
 * @param failures failures in a row that open the breaker, at least 1
 * @param firstMs how long it stays open before the first probe
 * @param mostMs longest time between two probes
 * @param resetMs time without a failure after which all of them are forgotten
 */
public record BreakerLimits(int failures, long firstMs, long mostMs, long resetMs) {}
