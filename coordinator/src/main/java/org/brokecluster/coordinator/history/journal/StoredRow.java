package org.brokecluster.coordinator.history.journal;

/**
 * A row that is known to be in the journal.
 *
 * @param sequence its sequence number under the id, from 1
 */
public record StoredRow(HistoryId id, long sequence, EventBatch batch) {}
