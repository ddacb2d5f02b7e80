package org.brokecluster.coordinator.router;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.brokecluster.shared.file.WholeFile;

/**
 * The highest router term this host has heard of, in the file {@value #NAME} of its data folder.
 * All methods block on the disk.
 */
public final class TermFile {
  private static final String NAME = "router-term";

  private final Path file;

  /** Of a data folder, which need not exist. */
  public TermFile(Path dataDir) {
    this.file = dataDir.resolve(NAME);
  }

  /**
   * The stored term, 0 if there is none.
   *
   * @throws IOException if the file cannot be read or holds no number
   */
  long read() throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    var text = Files.readString(file, StandardCharsets.US_ASCII).strip();
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IOException("no term in " + file + "; delete it if it is damaged", e);
    }
  }

  /**
   * Stores a term unless a higher one is there; for a folder that no host has open.
   *
   * @throws IOException if the file cannot be read or written
   */
  public void raiseTo(long term) throws IOException {
    if (term > read()) {
      write(term);
    }
  }

  /** Stores a term in one step; it survives the loss of power. */
  void write(long term) throws IOException {
    WholeFile.write(file, (term + "\n").getBytes(StandardCharsets.US_ASCII));
  }
}
