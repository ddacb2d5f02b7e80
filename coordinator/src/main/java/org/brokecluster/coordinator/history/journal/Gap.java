package org.brokecluster.coordinator.history.journal;

/**
 * Events that were never stored, because the database was away for longer than the backlog lasts.
 *
 * @param first number of the first missing event
 * @param last number of the last missing event, at least {@code first}
 */
public record Gap(long first, long last) {
  /** How many events are missing. */
  public long size() {
    return last - first + 1;
  }
}
