package org.brokecluster.shared.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs commands as child processes, each bounded in time and output. A child that does not end in
 * time is killed. Thread safe.
 */
public final class SystemCommands implements CommandRunner {
  private static final Logger LOG = LoggerFactory.getLogger(SystemCommands.class);
  private static final int OUTPUT_MAX = 256 * 1024;

  private final Duration timeout;

  /**
   * A runner.
   *
   * @param timeout longest time a command may take
   */
  public SystemCommands(Duration timeout) {
    this.timeout = timeout;
  }

  @Override
  public Optional<String> run(String... command) {
    try {
      var process =
          new ProcessBuilder(List.of(command))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
              .start();
      return output(process, command[0]);
    } catch (IOException e) {
      LOG.debug("cannot run: command={} reason={}", command[0], e.getMessage());
      return Optional.empty();
    }
  }

  /** Reads on a thread of its own, because a pipe cannot be read with a time limit. */
  private Optional<String> output(Process process, String name) {
    var reading = new CompletableFuture<byte[]>();
    var reader = new Thread(() -> read(process, reading), "broke-command-" + name);
    reader.setDaemon(true);
    reader.start();
    try {
      var bytes = reading.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      var text = new String(bytes, StandardCharsets.UTF_8);
      return text.isBlank() || bytes.length > OUTPUT_MAX ? Optional.empty() : Optional.of(text);
    } catch (TimeoutException | ExecutionException e) {
      LOG.debug("no output: command={} reason={}", name, e.toString());
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static void read(Process process, CompletableFuture<byte[]> into) {
    try (var out = process.getInputStream()) {
      into.complete(out.readNBytes(OUTPUT_MAX + 1));
    } catch (IOException e) {
      into.completeExceptionally(e);
    }
  }
}
