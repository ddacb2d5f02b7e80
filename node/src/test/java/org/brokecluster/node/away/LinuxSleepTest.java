package org.brokecluster.node.away;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class LinuxSleepTest {
  private static final String LINE =
      "/org/freedesktop/login1: org.freedesktop.login1.Manager.PrepareForSleep (%s,)";

  private final LinkedBlockingQueue<Runnable> heard = new LinkedBlockingQueue<>();

  @Test
  void readsWhatTheMonitorPrints() {
    assertThat(LinuxSleep.parse(LINE.formatted("true"))).contains(true);
    assertThat(LinuxSleep.parse(LINE.formatted("false"))).contains(false);
    assertThat(LinuxSleep.parse("Monitoring signals on object /org/freedesktop/login1")).isEmpty();
    assertThat(
            LinuxSleep.parse(
                "/org/freedesktop/login1: org.freedesktop.login1.Manager.PrepareForShutdown"
                    + " (true,)"))
        .isEmpty();
  }

  /** The children are small scripts here: what they print and how they end is what matters. */
  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void holdsASleepBackUntilItIsAllowed(@TempDir Path dir) throws Exception {
    var delaying = dir.resolve("delaying");
    var speak = dir.resolve("speak");
    var listening =
        List.of(
            "sh",
            "-c",
            "while [ ! -e %s ]; do sleep 0.05; done; echo '%s'; read forever"
                .formatted(speak, LINE.formatted("true")));
    var delay =
        List.of(
            "sh",
            "-c",
            "touch %s; trap 'rm -f %s; exit' TERM EXIT; cat".formatted(delaying, delaying));
    try (var sleep = new LinuxSleep(listening, delay)) {
      sleep.start(
          new SleepSource.Listener() {
            @Override
            public void goingToSleep(Runnable allow) {
              heard.add(allow);
            }

            @Override
            public void awake() {
              throw new AssertionError("nobody said so");
            }
          });
      await(() -> Files.exists(delaying));
      Files.createFile(speak);

      var allow = heard.poll(10, TimeUnit.SECONDS);
      assertThat(allow).isNotNull();
      assertThat(delaying).exists();
      allow.run();

      await(() -> !Files.exists(delaying));
    }
  }

  @Test
  void hearsNothingWhereThereIsNoSuchCommand() {
    try (var sleep = new LinuxSleep(List.of("no-such-command-here"), List.of("cat"))) {
      sleep.start(
          new SleepSource.Listener() {
            @Override
            public void goingToSleep(Runnable allow) {
              throw new AssertionError("nobody said so");
            }

            @Override
            public void awake() {
              throw new AssertionError("nobody said so");
            }
          });
    }
    assertThat(heard).isEmpty();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    var patience = new CountDownLatch(1);
    for (int i = 0; i < 200 && !condition.getAsBoolean(); i++) {
      assertThat(patience.await(50, TimeUnit.MILLISECONDS)).isFalse();
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }
}
