package org.brokecluster.node.runtime.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs a command that should answer soon, and keeps what it printed. Blocks up to the time given:
 * never called by an actor.
 */
public final class ShortCommand {
  /** More than any of our questions needs; the rest is left out. */
  private static final int OUTPUT_MAX = 4 << 20;

  private ShortCommand() {}

  /**
   * What it printed on standard output, whatever its exit code; nothing if it did not end in time,
   * in which case it is ended with its children.
   *
   * @throws IOException if it cannot be started
   */
  public static Optional<String> run(List<String> command, Duration patience) throws IOException {
    // A file and not a pipe: a child that outlives it and keeps the pipe open cannot hold us.
    var output = Files.createTempFile("broke-command", ".out");
    try {
      var process =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(output.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      boolean ended = await(process, patience);
      if (!ended) {
        ProcessTree.of(process.toHandle()).endNow();
        return Optional.empty();
      }
      return Optional.of(read(output));
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private static boolean await(Process process, Duration patience) {
    try {
      return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String read(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(OUTPUT_MAX), StandardCharsets.UTF_8);
    }
  }
}
