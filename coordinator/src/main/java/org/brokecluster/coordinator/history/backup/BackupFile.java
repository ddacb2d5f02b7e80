package org.brokecluster.coordinator.history.backup;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.brokecluster.coordinator.history.backup.BackupLine.End;
import org.brokecluster.shared.file.WholeFile;
import org.jspecify.annotations.Nullable;

/** A backup on disk: its lines, compressed with gzip. Every method blocks. */
public final class BackupFile {
  /** Longest line, in characters: a row of the journal is at most 0.6 MiB. */
  static final int LINE_MAX = 16 << 20;

  private final Path file;

  /** A file that need not exist. */
  public BackupFile(Path file) {
    this.file = file;
  }

  /**
   * Takes lines one by one.
   *
   * @param <X> what it may fail with
   */
  public interface Handler<X extends Exception> {
    /**
     * Takes the next line.
     *
     * @param check what has been seen up to and with this line
     */
    void line(BackupLine line, BackupCheck check) throws X;
  }

  /**
   * Writes the lines of another reader, checked on the way and sealed at the end. The file is there
   * when it is whole, and not before.
   *
   * @throws IOException if the lines are not a whole backup or the file cannot be written
   */
  public BackupCheck write(Reader lines, Handler<RuntimeException> handler) throws IOException {
    var check = new BackupCheck();
    WholeFile.write(file, out -> copy(lines, out, check, handler));
    return check;
  }

  private static void copy(
      Reader lines, OutputStream to, BackupCheck check, Handler<RuntimeException> handler)
      throws IOException {
    try (var out =
        new BufferedWriter(
            new OutputStreamWriter(new GZIPOutputStream(to, 1 << 16), StandardCharsets.UTF_8))) {
      var in = new LineReader(lines);
      for (var text = in.next(); text != null; text = in.next()) {
        var line = check.line(text);
        out.write(line instanceof End ? BackupJson.write(check.sealed()) : text);
        out.write('\n');
        handler.line(line, check);
      }
      check.finish();
    }
  }

  /**
   * Reads the file from its first line to its last.
   *
   * @throws IOException if it cannot be read, is cut off, altered, or of another version
   */
  public <X extends Exception> BackupCheck read(Handler<X> handler) throws IOException, X {
    var check = new BackupCheck();
    try (var in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file), 1 << 16),
                StandardCharsets.UTF_8))) {
      var lines = new LineReader(in);
      for (var text = lines.next(); text != null; text = lines.next()) {
        handler.line(check.line(text), check);
      }
    } catch (EOFException e) {
      throw new IOException("is cut off", e);
    } catch (ZipException e) {
      throw new IOException("is damaged, or no backup: " + e.getMessage(), e);
    }
    check.finish();
    if (check.isUnsealed()) {
      throw new IOException("has no checksum");
    }
    return check;
  }

  /** Lines of a bounded length. */
  private static final class LineReader {
    private final Reader in;

    LineReader(Reader in) {
      this.in = in instanceof BufferedReader ? in : new BufferedReader(in);
    }

    @Nullable String next() throws IOException {
      var line = new StringBuilder(256);
      for (int letter = in.read(); letter >= 0; letter = in.read()) {
        if (letter == '\n') {
          return line.toString();
        }
        if (line.length() == LINE_MAX) {
          throw new IOException("has a line that is too long");
        }
        line.append((char) letter);
      }
      if (!line.isEmpty()) {
        throw new EOFException();
      }
      return null;
    }
  }
}
