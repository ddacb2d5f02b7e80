package org.brokecluster.coordinator.cli.ask;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Where the prompt of a call comes from. */
class ChatRequestTest {
  @Test
  void isWhatWasSaid() {
    assertThat(prompt("unread", "Why", "is the sky blue?")).isEqualTo("Why is the sky blue?");
  }

  @Test
  void isReadWhereNothingWasSaidOrADash() {
    assertThat(prompt("from a pipe\n")).isEqualTo("from a pipe\n");
    assertThat(prompt("from a pipe\n", "-")).isEqualTo("from a pipe\n");
  }

  @Test
  void hasTheInputWhereTheDashStands() {
    assertThat(prompt("a diff\n", "Review this:", "-")).isEqualTo("Review this:\n\na diff\n");
    assertThat(prompt("a diff\n", "-", "Is it", "right?")).isEqualTo("a diff\n\n\nIs it right?");
  }

  @Test
  void keepsADashInTheMiddleOfAText() {
    assertThat(prompt("unread", "one - two")).isEqualTo("one - two");
  }

  private static String prompt(String input, String... args) {
    var request = new ChatRequest();
    new CommandLine(request).parseArgs(args);
    return request.prompt(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
  }
}
