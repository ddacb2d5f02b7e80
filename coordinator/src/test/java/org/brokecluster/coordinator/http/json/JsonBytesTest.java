package org.brokecluster.coordinator.http.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBytesTest {
  private static String written(String text) {
    return new String(new JsonBytes(16).string(text).toBytes(), UTF_8);
  }

  @Test
  void escapesWhatJsonDemands() {
    assertThat(written("a\"b\\c\n\r\t\b\f\u0000\u001f/"))
        .isEqualTo("\"a\\\"b\\\\c\\n\\r\\t\\b\\f\\u0000\\u001f/\"");
  }

  @Test
  void escapesWhatSomeReadersTakeForALineEnd() {
    assertThat(written("\u0085\u2028\u2029")).isEqualTo("\"\\u0085\\u2028\\u2029\"");
  }

  @Test
  void writesOtherAlphabetsAsTheyAre() {
    assertThat(written("zażółć 漢字 🙂")).isEqualTo("\"zażółć 漢字 🙂\"");
  }

  @Test
  void replacesHalvesOfPairs() {
    assertThat(written("a\ud83d")).isEqualTo("\"a\ufffd\"");
    assertThat(written("\ude42b")).isEqualTo("\"\ufffdb\"");
    assertThat(written("\ud83d\ud83d\ude42")).isEqualTo("\"\ufffd🙂\"");
  }

  @Test
  void writesNullAndNumbers() {
    var out = new JsonBytes(1).string(null).raw(",").number(Long.MIN_VALUE);

    assertThat(new String(out.toBytes(), UTF_8)).isEqualTo("null,-9223372036854775808");
  }

  @Test
  void keepsADocumentOnOneLine() {
    var out = new JsonBytes(1).json("{\n\"a\":\r\n\"é\"}");

    assertThat(new String(out.toBytes(), UTF_8)).isEqualTo("{ \"a\":  \"é\"}");
  }

  @Test
  void isUsedAgainAfterClear() {
    var out = new JsonBytes(1).raw("first");
    out.clear();

    assertThat(out.raw("2").toBytes()).asString().isEqualTo("2");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void isReadBackByAnotherAsItWas(long seed) throws Exception {
    var random = new Random(seed);
    var mapper = new ObjectMapper();
    for (int round = 0; round < 200; round++) {
      var text = new StringBuilder();
      random
          .ints(random.nextInt(100), 0, 0x11000)
          .map(c -> random.nextBoolean() ? c % 0x80 : c)
          .filter(c -> c >= 0x10000 || !Character.isSurrogate((char) c))
          .forEach(text::appendCodePoint);

      var bytes = new JsonBytes(1 + random.nextInt(64)).string(text.toString()).toBytes();

      assertThat(mapper.readValue(bytes, String.class)).isEqualTo(text.toString());
      assertThat(new String(bytes, UTF_8)).doesNotContain("\n", "\r", "\u2028", "\u0085");
    }
  }
}
