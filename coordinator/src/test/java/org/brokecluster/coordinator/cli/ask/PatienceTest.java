package org.brokecluster.coordinator.cli.ask;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.brokecluster.coordinator.cli.text.ProgressLine;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private final StringWriter said = new StringWriter();
  private final Patience patience = new Patience(ProgressLine.on(new PrintWriter(said)));

  @Test
  void saysThatItWaitsAndWhy() {
    patience.comes(": waiting, place 2, about 3000 ms", 5_200);

    assertThat(said.toString().strip()).isEqualTo("waiting, place 2, about 3000 ms, for 5.0 s");
  }

  @Test
  void takesASignOfLifeForWaiting() {
    patience.comes(": keep-alive", 71_000);

    assertThat(said.toString().strip()).isEqualTo("waiting, for 1 min 11 s");
  }

  @Test
  void isSilentOnceTheAnswerHasBegun() {
    patience.comes("data: {}", 100);
    patience.comes(": keep-alive", 5_000);
    patience.comes("", 5_000);
    patience.ends();

    assertThat(said.toString()).isEmpty();
  }
}
