package org.brokecluster.coordinator.history.journal;

/**
 * A row as it lies in the journal, not yet understood.
 *
 * @param manifest logical name and version of the payload
 */
public record RawRow(HistoryId id, long sequence, String manifest, Payload payload) {

  /** The row's bytes, wrapped so that a row can be a record; nobody changes them. */
  public static final class Payload {
    private final byte[] bytes;

    /** Wraps without copying. */
    public Payload(byte[] bytes) {
      this.bytes = bytes;
    }

    /** The bytes; not to be changed. */
    public byte[] bytes() {
      return bytes;
    }
  }
}
