package org.brokecluster.node.runtime.process;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A command that reads all of its input, answers and ends. What goes in and out passes through
 * pipes only, so that it may be a prompt. Blocks up to the time given: never called by an actor.
 */
public final class PipedCommand {
  private final List<String> command;
  private final Map<String, String> environment;

  /**
   * A command that was not run yet.
   *
   * @param environment added to ours
   */
  public PipedCommand(List<String> command, Map<String, String> environment) {
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
  }

  /**
   * What it answers.
   *
   * @param most longest answer in bytes
   * @throws IOException if it cannot be started, ends badly, or takes too long, in which case it is
   *     ended with its children; the message is free of what passed through
   */
  public byte[] run(byte[] input, int most, Duration patience) throws IOException {
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    var process = builder.start();
    var late =
        CompletableFuture.runAsync(
            () -> ProcessTree.of(process.toHandle()).endNow(),
            CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS));
    try {
      try (var in = process.getOutputStream()) {
        in.write(input);
      }
      var answer = process.getInputStream().readNBytes(most);
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException(late.isDone() ? "it took too long" : "it ended with code " + code);
      }
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      late.cancel(false);
      if (process.isAlive()) {
        ProcessTree.of(process.toHandle()).endNow();
      }
    }
  }
}
