package org.brokecluster.coordinator.history.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.brokecluster.coordinator.history.backup.BackupLine.End;
import org.brokecluster.coordinator.history.backup.BackupLine.Header;
import org.brokecluster.coordinator.history.backup.BackupLine.Person;
import org.brokecluster.coordinator.history.backup.BackupLine.Row;
import org.brokecluster.coordinator.history.backup.BackupLine.Text;
import org.brokecluster.coordinator.history.journal.RawRow;
import org.jspecify.annotations.Nullable;

/**
 * Follows the lines of a backup and refuses the first that does not belong: another version, a line
 * out of turn, a number that is not what was announced, bytes that are not what was written. Not
 * thread safe.
 */
public final class BackupCheck {
  private final MessageDigest digest;
  private long lines;
  private @Nullable Header header;
  private @Nullable End end;
  private @Nullable RawRow last;
  private long rows;
  private long people;
  private long texts;

  /** Before the first line. */
  public BackupCheck() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /**
   * Takes the next line, without its end.
   *
   * @throws IOException if it does not belong there, with its number and the reason
   */
  public BackupLine line(String text) throws IOException {
    lines++;
    try {
      var line = BackupJson.read(text);
      take(line);
      if (!(line instanceof End)) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) '\n');
      }
      return line;
    } catch (IOException e) {
      throw new IOException("line " + lines + " " + e.getMessage(), e);
    }
  }

  /**
   * Says that no line follows.
   *
   * @throws IOException if one is missing
   */
  public void finish() throws IOException {
    if (header == null) {
      throw new IOException("is empty");
    }
    if (end == null) {
      throw new IOException("is cut off after %d of %d rows".formatted(rows, header.rows()));
    }
  }

  /** The last line with the checksum of all before it, for the file. */
  public End sealed() {
    return new End(rows, people, texts, checksum());
  }

  /** Whether the last line has no checksum, as on the way to a file. */
  public boolean isUnsealed() {
    return end != null && end.sha256() == null;
  }

  /** Rows so far. */
  public long rows() {
    return rows;
  }

  /** Rows that were announced; 0 before the header. */
  public long rowsInAll() {
    return header == null ? 0 : header.rows();
  }

  /** People so far. */
  public long people() {
    return people;
  }

  /** Texts and notes so far. */
  public long texts() {
    return texts;
  }

  /** Texts that were kept when the backup was made and are not in it; 0 before its end. */
  public long textsLeftOut() {
    return header == null || end == null || texts > 0 ? 0 : header.texts();
  }

  private void take(BackupLine line) throws IOException {
    if (end != null) {
      throw new IOException("comes after the end");
    }
    if ((header == null) != (line instanceof Header)) {
      throw new IOException(
          header == null ? "is not the first line of a backup of a history" : "is a second header");
    }
    if (line instanceof Header first) {
      begin(first);
    } else if (line instanceof Row row) {
      next(row.row());
    } else if (line instanceof Person) {
      inTurn(texts > 0, "is a person after the texts");
      people++;
    } else if (line instanceof Text) {
      texts++;
    } else if (line instanceof End stop) {
      close(stop);
    }
  }

  private void begin(Header first) throws IOException {
    if (first.version() < BackupJson.VERSION || first.version() > BackupJson.WITH_TEXTS) {
      throw new IOException(
          "was written by program %s in version %d of the format, this one knows %d"
              .formatted(first.program(), first.version(), BackupJson.WITH_TEXTS));
    }
    header = first;
  }

  private void next(RawRow row) throws IOException {
    inTurn(people + texts > 0, "is a row after the rows");
    var before = last;
    int order = before == null ? -1 : before.id().compareTo(row.id());
    if (before != null && (order > 0 || (order == 0 && before.sequence() >= row.sequence()))) {
      throw new IOException("is a row out of order");
    }
    last = row;
    rows++;
  }

  private static void inTurn(boolean late, String why) throws IOException {
    if (late) {
      throw new IOException(why);
    }
  }

  private void close(End stop) throws IOException {
    long announced = rowsInAll();
    if (stop.rows() != rows
        || announced != rows
        || stop.people() != people
        || stop.texts() != texts) {
      throw new IOException(
          "ends %d rows, %d people and %d texts, announced were %d, %d and %d"
              .formatted(rows, people, texts, announced, stop.people(), stop.texts()));
    }
    if (stop.sha256() != null && !stop.sha256().equals(checksum())) {
      throw new IOException("has another checksum: the file was altered or damaged");
    }
    end = stop;
  }

  private String checksum() {
    try {
      var soFar = (MessageDigest) digest.clone();
      return HexFormat.of().formatHex(soFar.digest());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("SHA-256 can be copied in every Java runtime", e);
    }
  }
}
