package org.brokecluster.coordinator.history.journal;

/**
 * A finished row and the persistence id it belongs under.
 *
 * @param id where it is stored
 * @param batch what is stored
 */
public record JournalRow(HistoryId id, EventBatch batch) {}
