package org.brokecluster.coordinator.history.event;

/**
 * By which rules a router learns from its events. Part of a term's first event, so that a fold
 * needs no configuration. What only steers how the learned is used is not in it.
 *
 * @param halfLifeMs time after which a rating counts half, in milliseconds
 * @param keys combinations of model, topic, role and user remembered at most
 * @param requests requests remembered for ratings that come later
 * @param coverage share of answers that shall keep the interval promised, above 0 and below 1
 * @param promiseKeys pairs of model and node, and of model and topic, remembered at most
 * @param promiseRule number of the rule by which errors become a correction; 0 in old events
 */
public record LearningTerms(
    long halfLifeMs, int keys, int requests, double coverage, int promiseKeys, int promiseRule) {}
