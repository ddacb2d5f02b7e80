package org.brokecluster.shared.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SystemCommandsTest {
  private final SystemCommands commands = new SystemCommands(Duration.ofSeconds(10));

  @Test
  void readsWhatACommandPrintsWhateverItsExitCode() {
    assertThat(commands.run("sh", "-c", "echo hello; echo no >&2; exit 1")).contains("hello\n");
  }

  @Test
  void givesNothingWhereThereIsNoSuchCommandOrNoOutput() {
    assertThat(commands.run("/nowhere/at/all")).isEmpty();
    assertThat(commands.run("true")).isEmpty();
  }

  @Test
  void killsACommandThatTakesTooLongWithItsChildren() {
    var hasty = new SystemCommands(Duration.ofMillis(300));
    long begun = System.nanoTime();

    assertThat(hasty.run("sh", "-c", "sleep 97; echo late")).isEmpty();

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(60));
    assertThat(ProcessHandle.current().descendants())
        .noneMatch(child -> child.info().commandLine().orElse("").contains("sleep 97"));
  }

  @Test
  void givesNothingWhereTooMuchIsPrinted() {
    assertThat(commands.run("sh", "-c", "yes | head -c 2000000")).isEmpty();
  }
}
