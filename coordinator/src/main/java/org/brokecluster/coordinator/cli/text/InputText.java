package org.brokecluster.coordinator.cli.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.brokecluster.shared.cli.VerbException;

/** Text that a user hands over, up to a size. Blocks the caller. */
public final class InputText {
  private static final int MEBIBYTE = 1 << 20;

  private InputText() {}

  /** All of a file, in UTF-8; ends the verb if it cannot be read or is longer than this. */
  public static String read(Path file, int mebibytesMax) {
    try (var in = Files.newInputStream(file)) {
      return read(in, file.toString(), mebibytesMax);
    } catch (IOException e) {
      throw unreadable(file.toString(), e);
    }
  }

  /**
   * All that comes, in UTF-8; ends the verb if it cannot be read or is longer than this.
   *
   * @param name what it is, for people
   */
  public static String read(InputStream input, String name, int mebibytesMax) {
    int max = mebibytesMax * MEBIBYTE;
    try {
      var bytes = input.readNBytes(max + 1);
      if (bytes.length > max) {
        throw VerbException.misuse("%s is longer than %d MiB".formatted(name, mebibytesMax));
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  /** What to say of an input that cannot be read. */
  public static VerbException unreadable(String name, IOException e) {
    return VerbException.failed("cannot read " + name + ": " + Failures.reason(e));
  }
}
