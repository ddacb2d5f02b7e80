package org.brokecluster.coordinator.history.backup;

import org.brokecluster.coordinator.history.journal.RawRow;
import org.jspecify.annotations.Nullable;

/**
 * A line of a backup. In a file they come in this order: one {@link Header}, every {@link Row} in
 * the order of replay, every {@link Person}, every {@link Text} if they were asked for, one {@link
 * End}.
 */
public sealed interface BackupLine {
  /**
   * What the file is.
   *
   * @param version of the format, see {@link BackupJson#VERSION}
   * @param madeAt when it was begun, in milliseconds since 1970
   * @param program version of the program that made it
   * @param rows rows that follow
   * @param texts prompts and answers that are kept beside the history; whether they follow is told
   *     by the {@link End}
   */
  record Header(int version, long madeAt, String program, long rows, long texts)
      implements BackupLine {}

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
   * A prompt with its answer, or a note about one, sealed as it lies in its table: who has the file
   * and not the key can read nothing of it.
   *
   * @param id of the request or the text
   * @param at when it was made, in milliseconds since 1970
   * @param source where a text came from, or null for a note
   * @param person whose it is, or null if that is not known
   * @param keyId tells with which key it was sealed
   */
  record Text(
      String id,
      long at,
      @Nullable String source,
      @Nullable String person,
      String keyId,
      RawRow.Payload sealed)
      implements BackupLine {}

  /**
   * Nothing follows.
   *
   * @param rows rows that came
   * @param people people that came
   * @param texts texts and notes that came
   * @param sha256 of all bytes before this line, 64 hexadecimal digits; null on the way to the file
   */
  record End(long rows, long people, long texts, @Nullable String sha256) implements BackupLine {}
}
