package org.brokecluster.shared.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a data folder to one process. The system gives the lock back when the process ends in any
 * way, kill -9 included; the file holds the process id for people.
 */
public final class DataFolderLock implements AutoCloseable {
  private static final String FILE = "lock";

  private final FileChannel channel;

  private DataFolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the folder, making it if needed.
   *
   * @throws StartException if another process has it or it cannot be written
   */
  public static DataFolderLock take(Path folder) throws StartException {
    try {
      Files.createDirectories(folder);
      var file = folder.resolve(FILE);
      var channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        var holder = Files.readString(file, StandardCharsets.UTF_8).strip();
        channel.close();
        throw new StartException(
            "the data folder "
                + folder
                + " is in use by process "
                + holder
                + ": stop that one, or choose another folder with --data-dir");
      }
      channel.truncate(0);
      var pid = ProcessHandle.current().pid() + "\n";
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.UTF_8)), 0);
      return new DataFolderLock(channel);
    } catch (AccessDeniedException e) {
      throw new StartException(
          "this user may not write "
              + e.getFile()
              + ": give the data folder to them (chown -R), or choose another with --data-dir",
          e);
    } catch (IOException e) {
      throw new StartException(
          "cannot use the data folder " + folder + ": " + e + "; choose another with --data-dir",
          e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** Gives the folder back. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
