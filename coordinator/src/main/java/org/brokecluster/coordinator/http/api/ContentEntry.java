package org.brokecluster.coordinator.http.api;

/**
 * Whether prompts and answers are kept.
 *
 * @param here whether this host hands over the texts of its clients
 * @param kept whether a coordinator keeps them
 * @param waiting texts of this host that are not stored yet
 * @param lost texts of this host that were let go since its start
 */
public record ContentEntry(boolean here, boolean kept, long waiting, long lost) {
  /** Nobody keeps anything. */
  public static final ContentEntry NONE = new ContentEntry(false, false, 0, 0);
}
