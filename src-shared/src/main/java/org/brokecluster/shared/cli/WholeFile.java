package org.brokecluster.shared.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A file that a verb writes for its user: it is there when it is whole and not before, what was
 * there stays until then, nothing is left of one that fails, and nobody else may read it.
 */
public final class WholeFile {
  private WholeFile() {}

  /** What goes into the file. */
  public interface Content {
    /** Writes all of it, and may close the stream. */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file, to the disk itself. Blocks.
   *
   * @throws IOException if it cannot be written or its content cannot be had
   */
  public static void write(Path file, Content content) throws IOException {
    var draft = file.resolveSibling(file.getFileName() + ".part");
    try {
      createForOwner(draft);
      try (var out = Files.newOutputStream(draft)) {
        content.writeTo(out);
      }
      try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private static void createForOwner(Path draft) throws IOException {
    Files.deleteIfExists(draft);
    if (draft.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          draft,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
  }
}
