package org.brokecluster.tests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One real JVM of the product, started by a test and ended with it, whatever happens. */
public final class BrokeProcess implements AutoCloseable {
  private final String name;
  private final Path log;
  private final Process process;

  private BrokeProcess(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  /** Starts {@code broke} with these arguments, on this test's own class path. */
  public static BrokeProcess start(String name, Path dir, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+IgnoreUnrecognizedVMOptions",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "org.brokecluster.shared.Main"));
    command.addAll(arguments);
    try {
      Files.createDirectories(dir);
      var log = dir.resolve(name + ".log");
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      return new BrokeProcess(name, log, process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Name in failure messages. */
  public String name() {
    return name;
  }

  /** Process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** What it printed so far. */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return "no log: " + e;
    }
  }

  /** As a crash: no hook runs. */
  public void killHard() {
    process.destroyForcibly();
    awaitExit(10);
  }

  /** SIGTERM, as an operator does. */
  public void terminate() {
    process.destroy();
  }

  /** As a closed lid: the process stands still. */
  public void pause() {
    signal("STOP");
  }

  /** As an opened lid. */
  public void resume() {
    signal("CONT");
  }

  /** Waits for the end and returns the exit code; fails if it does not come in time. */
  public int awaitExit(int seconds) {
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        throw new AssertionError(name + " still runs after " + seconds + " s; log:\n" + log());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private void signal(String signal) {
    try {
      int code = new ProcessBuilder("kill", "-" + signal, Long.toString(pid())).start().waitFor();
      if (code != 0) {
        throw new AssertionError("kill -" + signal + " " + name + " failed: " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      process.destroyForcibly();
      awaitExit(10);
    }
  }
}
