package org.brokecluster.node.away;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sleep as systemd-logind announces it: a child listens on the system's message bus, and another
 * one holds the sleep back for as long as it lives. Where either is missing, or there is no logind,
 * nothing is heard. Thread safe.
 */
final class LinuxSleep implements SleepSource {
  private static final Logger LOG = LoggerFactory.getLogger(LinuxSleep.class);
  private static final String SIGNAL = "login1.Manager.PrepareForSleep (";

  private final List<String> listening;
  private final List<String> delaying;
  private @Nullable Process monitor;
  private @Nullable Process delay;

  /** By the tools of the system. */
  LinuxSleep() {
    this(
        List.of(
            "gdbus",
            "monitor",
            "--system",
            "--dest",
            "org.freedesktop.login1",
            "--object-path",
            "/org/freedesktop/login1"),
        List.of(
            "systemd-inhibit",
            "--what=sleep",
            "--mode=delay",
            "--who=BROKE Cluster",
            "--why=running answers move to other machines",
            "cat"));
  }

  /**
   * By these commands.
   *
   * @param listening prints a line for each signal of logind
   * @param delaying holds sleep back while it runs
   */
  LinuxSleep(List<String> listening, List<String> delaying) {
    this.listening = List.copyOf(listening);
    this.delaying = List.copyOf(delaying);
  }

  @Override
  public synchronized void start(Listener listener) {
    try {
      var child = start(listening);
      monitor = child;
      var reader = new Thread(() -> read(child, listener), "broke-sleep");
      reader.setDaemon(true);
      reader.start();
      holdBack();
    } catch (IOException e) {
      LOG.debug("sleep is not announced here: reason={}", e.getMessage());
    }
  }

  private void read(Process child, Listener listener) {
    try (var lines =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        tell(listener, line);
      }
    } catch (IOException e) {
      LOG.debug("sleep is not announced any more: reason={}", e.getMessage());
    }
  }

  private void tell(Listener listener, String line) {
    var sleeps = parse(line);
    if (sleeps.isEmpty()) {
      return;
    }
    if (sleeps.get()) {
      LOG.info("this machine is going to sleep");
      listener.goingToSleep(this::letSleep);
    } else {
      listener.awake();
      holdBack();
    }
  }

  /** What a line of the monitor says: going to sleep, awake again, or nothing of the kind. */
  static Optional<Boolean> parse(String line) {
    int at = line.indexOf(SIGNAL);
    if (at < 0) {
      return Optional.empty();
    }
    var value = line.substring(at + SIGNAL.length());
    if (value.startsWith("true")) {
      return Optional.of(true);
    }
    return value.startsWith("false") ? Optional.of(false) : Optional.empty();
  }

  /** Its child reads from us: it ends when this process does, however that happens. */
  private synchronized void holdBack() {
    if (monitor == null || delay != null) {
      return;
    }
    try {
      delay =
          new ProcessBuilder(delaying)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      LOG.debug("sleep cannot be held back: reason={}", e.getMessage());
    }
  }

  private synchronized void letSleep() {
    end(delay);
    delay = null;
  }

  @Override
  public synchronized void close() {
    end(monitor);
    monitor = null;
    letSleep();
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static void end(@Nullable Process child) {
    if (child != null) {
      child.descendants().forEach(ProcessHandle::destroy);
      child.destroy();
    }
  }
}
