package org.brokecluster.node.runtime.answer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitCharactersTest {
  private static final String TEXT = "grüße 🙂 日本語 ñ \u0800 \uFFFD 👩‍👩‍👧 end";

  @Test
  void joinsBytesHoweverTheyAreCut() {
    var bytes = TEXT.getBytes(UTF_8);
    for (int first = 0; first <= bytes.length; first++) {
      for (int second = first; second <= bytes.length; second += 3) {
        var pieces =
            List.of(
                SplitCharacters.decode(bytes, 0, first),
                SplitCharacters.decode(bytes, first, second),
                SplitCharacters.decode(bytes, second, bytes.length));

        assertThat(joined(pieces)).as("cut at %s and %s", first, second).isEqualTo(TEXT);
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void joinsHalvesOfSurrogatePairs(long seed) {
    var random = new Random(seed);
    var pieces = new ArrayList<String>();
    for (int from = 0; from < TEXT.length(); ) {
      int next = Math.min(TEXT.length(), from + 1 + random.nextInt(3));
      pieces.add(TEXT.substring(from, next));
      from = next;
    }

    assertThat(joined(pieces)).isEqualTo(TEXT);
  }

  @Test
  void replacesWhatNeverBecomesWhole() {
    assertThat(joined(List.of("a\uD83D", "b"))).isEqualTo("a\uFFFDb");
    assertThat(joined(List.of("\uDE42b"))).isEqualTo("\uFFFDb");
    assertThat(joined(List.of("a\uD83D"))).isEqualTo("a\uFFFD");
    assertThat(joined(List.of(decoded(0xF0, 0x9F), "b"))).isEqualTo("\uFFFDb");
    assertThat(joined(List.of(decoded(0x80), decoded(0xC3)))).isEqualTo("\uFFFD\uFFFD");
    assertThat(joined(List.of(decoded(0xFF, 0xC3, 0xA9)))).isEqualTo("\uFFFDé");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void alwaysGivesValidText(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      var bytes = new byte[random.nextInt(12)];
      random.nextBytes(bytes);
      int cut = bytes.length == 0 ? 0 : random.nextInt(bytes.length);

      var text =
          joined(
              List.of(
                  SplitCharacters.decode(bytes, 0, cut),
                  SplitCharacters.decode(bytes, cut, bytes.length)));

      assertThat(new String(text.getBytes(UTF_8), UTF_8)).isEqualTo(text);
    }
  }

  @Test
  void passesWholeTextAtOnce() {
    assertThat(new SplitCharacters().next(TEXT)).isSameAs(TEXT);
  }

  private static String decoded(int... values) {
    var bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return SplitCharacters.decode(bytes, 0, bytes.length);
  }

  private static String joined(List<String> pieces) {
    var characters = new SplitCharacters();
    var out = new StringBuilder();
    pieces.forEach(piece -> out.append(characters.next(piece)));
    return out.append(characters.end()).toString();
  }
}
