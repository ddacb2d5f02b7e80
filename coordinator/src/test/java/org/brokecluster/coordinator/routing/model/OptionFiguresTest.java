package org.brokecluster.coordinator.routing.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class OptionFiguresTest {
  private static final String NUMBERS = "How many legs has a spider?\nA. 4\nB. 6\nC. 8\nD. 10";
  private static final String SENTENCES =
      """
      What does a spider do?
      A. It flies, as birds do
      B. It weaves a web
      C. It swims
      D. It sings""";

  @Test
  void tellsNumbersFromSentences() {
    assertThat(figure(NUMBERS, 6)).as("options without words").isEqualTo(1);
    assertThat(figure(SENTENCES, 6)).isZero();
    assertThat(figure(SENTENCES, 8)).as("words").isGreaterThan(figure(NUMBERS, 8));
    assertThat(figure(SENTENCES, 13)).as("commas").isGreaterThan(0);
  }

  @Test
  void findsTheWordsThatTheQuestionHasToo() {
    var known = "Which of cats and dogs bark?\nA. cats\nB. dogs";

    assertThat(figure(known, 9)).isEqualTo(1);
    assertThat(figure(NUMBERS, 9)).isZero();
  }

  @Test
  void areAllZeroWithoutOptions() {
    for (var text : new String[] {"", "Who wrote Faust?", "\nA. one alone", "A.\nB"}) {
      for (int i = 0; i < OptionFigures.COUNT; i++) {
        assertThat(figure(text, i)).as("%s %s", text, i).isZero();
      }
    }
  }

  @Test
  void endAtTheLastOptionThatIsLookedAt() {
    assertThat(figure("\nA. x\nB.".repeat(5_000), OptionFigures.COUNT - 1)).isEqualTo(1);
  }

  @Test
  void comeBackAsTheyWereWritten() throws IOException {
    var features = PromptFeatures.of(SENTENCES);
    var bytes = new ByteArrayOutputStream();
    features.write(new DataOutputStream(bytes));

    var read =
        PromptFeatures.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));

    assertThat(read.buckets()).isEqualTo(features.buckets());
    assertThat(read.weights()).isEqualTo(features.weights());
    assertThat(read.shape()).isEqualTo(features.shape());
  }

  private static float figure(String text, int which) {
    var shape = PromptFeatures.of(text).shape();
    return shape[shape.length - OptionFigures.COUNT + which];
  }
}
