package org.brokecluster.coordinator.history.backup;

import org.brokecluster.coordinator.history.journal.RawRow;
import org.jspecify.annotations.Nullable;

/**
 * A line of a backup. In a file they come in this order: one {@link Header}, every {@link Row} in
 * the order of replay, every {@link Person}, one {@link End}.
 */
public sealed interface BackupLine {
  /**
   * What the file is.
   *
   * @param version of the format, see {@link BackupJson#VERSION}
   * @param madeAt when it was begun, in milliseconds since 1970
   * @param program version of the program that made it
   * @param rows rows that follow
   */
  record Header(int version, long madeAt, String program, long rows) implements BackupLine {}

  /**
   * A row of the journal as it lies there, byte for byte.
   *
   * @param writtenAt when it was written, in milliseconds since 1970
   */
  record Row(RawRow row, long writtenAt) implements BackupLine {}

  /**
   * Who is behind an opaque id.
   *
   * @param firstSeen in milliseconds since 1970
   */
  record Person(String id, String name, long firstSeen) implements BackupLine {
    @Override
    public String toString() {
      return "Person[id=" + id + "]";
    }
  }

  /**
   * Nothing follows.
   *
   * @param rows rows that came
   * @param people people that came
   * @param sha256 of all bytes before this line, 64 hexadecimal digits; null on the way to the file
   */
  record End(long rows, long people, @Nullable String sha256) implements BackupLine {}
}
