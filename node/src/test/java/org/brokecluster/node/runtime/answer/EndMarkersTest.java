package org.brokecluster.node.runtime.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndMarkersTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      ignoreLeadingAndTrailingWhitespace = false,
      quoteCharacter = '`',
      value = {
        "Hello<|im_end|>~Hello",
        "Hello<|im_end|>#~Hello",
        "Hello<|eot_id|><|im_end|>~Hello",
        "Hello </s>~Hello ",
        "Hello<end_of_turn>#<end_of_turn>~Hello",
        "<|im_end|>~",
        "a < b~a < b",
        "a <~a <",
        "a <|im~a <|im",
        "if (a<b) { x = y</s>~if (a<b) { x = y",
        "the token <|im_end|> ends a turn~the token <|im_end|> ends a turn",
        "<|im_end|> and again <|im_end|>~<|im_end|> and again <|im_end|>",
        "struck: <s>old</s>~struck: <s>old</s>",
        "<b>x</b>~<b>x</b>",
        "done<|im_end|>!~done<|im_end|>!",
        "<<<<~<<<<"
      })
  void takesStopTokensOffTheEndAndNowhereElse(String text, String expected) {
    var wanted = expected == null ? "" : expected;
    for (long seed = 1; seed <= 30; seed++) {
      assertThat(passed(text.replace('#', '\n'), new Random(seed)))
          .as("seed %s", seed)
          .isEqualTo(wanted);
    }
  }

  @Test
  void keepsAMarkerWhereTheAnswerWasCut() {
    var markers = new EndMarkers();

    assertThat(markers.next("a<|im_end|>") + markers.end(false)).isEqualTo("a<|im_end|>");
  }

  @Test
  void passesTextWithoutATagAtOnce() {
    var markers = new EndMarkers();
    var text = "nothing here";

    assertThat(markers.next(text)).isSameAs(text);
  }

  @Test
  void doesNotGatherMarkersWithoutEnd() {
    var markers = new EndMarkers();
    var out = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      out.append(markers.next("<|im_end|>"));
    }

    assertThat(out.length()).isGreaterThan(9_000);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void losesNothingOfAnyTextThatWasCut(long seed) {
    var random = new Random(seed);
    var parts =
        new String[] {"<", "|", "im_end", "|>", "</s>", "<s>", " ", "x", "<|im_end|>", "\n"};
    for (int round = 0; round < 300; round++) {
      var text = new StringBuilder();
      random.ints(random.nextInt(12), 0, parts.length).forEach(n -> text.append(parts[n]));
      var markers = new EndMarkers();
      var out = new StringBuilder();
      cut(text.toString(), random, piece -> out.append(markers.next(piece)));

      assertThat(out.append(markers.end(false))).hasToString(text.toString());
    }
  }

  private static String passed(String text, Random random) {
    var markers = new EndMarkers();
    var out = new StringBuilder();
    cut(text, random, piece -> out.append(markers.next(piece)));
    return out.append(markers.end(true)).toString();
  }

  private static void cut(String text, Random random, Consumer<String> to) {
    for (int from = 0; from < text.length(); ) {
      int next = Math.min(text.length(), from + 1 + random.nextInt(6));
      to.accept(text.substring(from, next));
      from = next;
    }
  }
}
