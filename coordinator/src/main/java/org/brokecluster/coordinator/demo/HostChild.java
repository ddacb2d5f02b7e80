package org.brokecluster.coordinator.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A running process of the demo. Its standard input is a pipe from here that is never written to:
 * when it closes, whatever the reason, the process ends itself.
 *
 * @param log file with everything it prints
 */
record HostChild(String name, Process process, Path log) {
  private static final int TAIL_LINES = 12;

  /** Starts the process; its log of the time before is kept as {@code broke.1.log}. */
  static HostChild start(HostPlan plan, Path folder) throws IOException {
    var logs = Files.createDirectories(folder.resolve("log"));
    var log = logs.resolve("broke.log");
    if (Files.exists(log)) {
      Files.move(log, logs.resolve("broke.1.log"), StandardCopyOption.REPLACE_EXISTING);
    }
    var process =
        new ProcessBuilder(HostJvm.command(plan.arguments()))
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    return new HostChild(plan.name(), process, log);
  }

  long pid() {
    return process.pid();
  }

  /** Completes with this child when its process has ended. */
  CompletableFuture<HostChild> ended() {
    return process.onExit().thenApply(ignored -> this);
  }

  /** Asks it to finish what it does and end. */
  void askToEnd() {
    process.destroy();
  }

  /** Ends it now. */
  void kill() {
    process.destroyForcibly();
  }

  /** How it ended, for people. */
  String ending() {
    int code = process.exitValue();
    var how = code > 128 ? "signal " + (code - 128) : "exit code " + code;
    return "%s (process %d) ended with %s; its log: %s".formatted(name, pid(), how, log);
  }

  /** The last lines of its log. */
  List<String> lastLines() {
    try {
      var lines = Files.readAllLines(log, StandardCharsets.UTF_8);
      return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
    } catch (IOException e) {
      return List.of("(the log cannot be read: " + e.getMessage() + ")");
    }
  }
}
