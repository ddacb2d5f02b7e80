package org.brokecluster.coordinator.history.journal;

/**
 * What the live writer had at one event number, to compare a replay with.
 *
 * @param number the last event it covers
 * @param fold version of the function that made the state ({@code RoutingState.fold()})
 * @param sha256 of the state's canonical JSON after that event
 * @param content chained SHA-256 of the events' stored bytes up to there ({@link ContentDigest})
 * @param comparable false after a gap whose state was not stored: then only the content compares
 */
public record Checkpoint(
    long number, int fold, String sha256, String content, boolean comparable) {}
