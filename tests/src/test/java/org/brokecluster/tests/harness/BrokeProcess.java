package org.brokecluster.tests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One real JVM of the product, started by a test and ended with it, whatever happens. */
public final class BrokeProcess implements AutoCloseable {
  static final String MAIN = "org.brokecluster.shared.Main";

  /** The JVM of this test run, small and quick to start. */
  static final List<String> JVM =
      List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-Xmx256m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:+IgnoreUnrecognizedVMOptions",
          "--sun-misc-unsafe-memory-access=allow",
          "--enable-native-access=ALL-UNNAMED");

  static {
    // A test run that is stopped from outside closes nothing itself.
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly),
                "end-processes"));
  }

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
    return start(name, dir, List.of(), Map.of(), arguments);
  }

  /**
   * The same on another machine, so to speak.
   *
   * @param prefix words before the command, which must become that command itself
   * @param environment further variables
   */
  public static BrokeProcess start(
      String name,
      Path dir,
      List<String> prefix,
      Map<String, String> environment,
      List<String> arguments) {
    var command = new ArrayList<>(java(prefix, MAIN));
    command.addAll(arguments);
    return startCommand(name, dir, environment, command);
  }

  /** Starts another program of the tests, with the same words before it. */
  public static BrokeProcess startMain(
      String name, Path dir, List<String> prefix, Class<?> main, String... arguments) {
    var command = new ArrayList<>(java(prefix, main.getName()));
    command.addAll(List.of(arguments));
    return startCommand(name, dir, Map.of(), command);
  }

  /** A verb of {@code broke} as a command on this test's own class path. */
  public static List<String> verb(String... arguments) {
    var command = new ArrayList<>(java(List.of(), MAIN));
    command.addAll(List.of(arguments));
    return command;
  }

  /** A Java command on this test's own class path. */
  private static List<String> java(List<String> prefix, String mainClass) {
    var command = new ArrayList<>(prefix);
    command.addAll(JVM);
    command.addAll(ClassArchive.CURRENT.flags());
    command.addAll(List.of("-cp", ClassArchive.CURRENT.path(), mainClass));
    return command;
  }

  /** Any command whose output goes to a log in the folder. */
  private static BrokeProcess startCommand(
      String name, Path dir, Map<String, String> environment, List<String> command) {
    try {
      Files.createDirectories(dir);
      var log = dir.resolve(name + ".log");
      var builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().putAll(environment);
      return new BrokeProcess(name, log, builder.start());
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
    awaitExit(60);
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
      awaitExit(60);
    }
  }
}
