package org.brokecluster.node.runtime.process;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A command that reads all of its input, answers and ends. What goes in and out passes through
 * pipes only, so that it may be a prompt. Blocks up to the time given: never called by an actor.
 */
public final class PipedCommand {
  private static final Logger LOG = LoggerFactory.getLogger(PipedCommand.class);

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
    var late = new AtomicBoolean();
    var watch =
        CompletableFuture.runAsync(
            () -> {
              late.set(true);
              ProcessTree.of(process.toHandle()).endNow();
            },
            CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS));
    try {
      give(process, input);
      var answer = process.getInputStream().readNBytes(most);
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException(late.get() ? "it took too long" : "it ended with code " + code);
      }
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      watch.cancel(false);
      if (process.isAlive()) {
        ProcessTree.of(process.toHandle()).endNow();
      }
    }
  }

  /** A command that ends before it has read all says by its code whether that was right. */
  private static void give(Process process, byte[] input) {
    try (var in = process.getOutputStream()) {
      in.write(input);
    } catch (IOException ended) {
      LOG.debug("a command did not read all of its input: pid={}", process.pid());
    }
  }
}
