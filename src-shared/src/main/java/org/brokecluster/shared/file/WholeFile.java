package org.brokecluster.shared.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A file that is replaced in one step: it is there when it is whole and not before, what was there
 * stays until then and survives the loss of power, nothing is left of one that fails, and nobody
 * else may read it. Of two that write the same file at once one may fail, and neither is torn.
 */
public final class WholeFile {
  private WholeFile() {}

  /** What goes into the file. */
  public interface Content {
    /** Writes all of it, and may close the stream. */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file of these bytes, and its folder if there is none. Blocks.
   *
   * @throws IOException if it cannot be written; what was there is as it was
   */
  public static void write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    write(file, out -> out.write(bytes));
  }

  /**
   * Writes a file into a folder that is there, to the disk itself. Blocks.
   *
   * @throws IOException if it cannot be written or its content cannot be had; what was there is as
   *     it was
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
    if (draft.getFileSystem().equals(FileSystems.getDefault())) {
      draft.toFile().deleteOnExit(); // whoever asked may press Ctrl-C meanwhile
    }
    if (draft.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          draft,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
  }
}
