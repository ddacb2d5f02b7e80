package org.brokecluster.coordinator.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  @Test
  void aLineIsWrittenOverOnATerminalAndRepeatedSeldomElsewhere() {
    var nanos = new AtomicLong();
    var terminal = new StringWriter();
    var line = new ProgressLine(new PrintWriter(terminal), true, 80, nanos::get);
    line.show("half");
    line.show("h");
    line.clear();
    assertThat(terminal.toString()).isEqualTo("\rhalf\rh   \r \r");

    var log = new StringWriter();
    var lines = new ProgressLine(new PrintWriter(log), false, 5, nanos::get);
    lines.show("one");
    lines.show("two");
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
    lines.show("three");
    assertThat(log.toString().lines()).containsExactly("one", "three");
  }

  @Test
  void staysInOneLineOfANarrowTerminal() {
    var terminal = new StringWriter();
    var line = new ProgressLine(new PrintWriter(terminal), true, 4, () -> 0);

    line.show("loading 1 %");
    line.clear();

    assertThat(terminal.toString()).isEqualTo("\rload\r    \r");
  }
}
