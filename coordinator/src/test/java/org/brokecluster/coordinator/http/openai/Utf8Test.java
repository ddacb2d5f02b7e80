package org.brokecluster.coordinator.http.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {
  @Test
  void takesEveryPlane() {
    assertThat(Utf8.firstInvalid("aé漢🙂\u0000\uffff".getBytes(UTF_8))).isEqualTo(-1);
    assertThat(Utf8.firstInvalid(new byte[0])).isEqualTo(-1);
  }

  @ParameterizedTest
  @CsvSource({
    "61c080, 1", // overlong
    "80, 0", // continuation alone
    "61c3, 1", // cut off
    "eda080, 0", // surrogate
    "e09f80, 0", // overlong
    "f4908080, 0", // past the last plane
    "f0828282, 0", // overlong
    "f09f99, 0", // cut off
    "6162ff, 2",
    "e282ac20e282, 4",
  })
  void findsTheFirstByteThatDoesNotBelong(String hex, int position) {
    assertThat(Utf8.firstInvalid(HexFormat.of().parseHex(hex))).isEqualTo(position);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void agreesWithTheJdk(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      var bytes = new byte[random.nextInt(6)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (random.nextBoolean() ? 0x80 + random.nextInt(0x80) : random.nextInt());
      }

      assertThat(Utf8.firstInvalid(bytes) < 0).isEqualTo(decodes(bytes));
    }
  }

  private static boolean decodes(byte[] bytes) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
