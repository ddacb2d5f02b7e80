package org.brokecluster.coordinator.http.openai;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenEstimateTest {
  private static int of(String text) {
    var estimate = new TokenEstimate();
    estimate.text(text);
    return estimate.tokens();
  }

  /** 44 words, 53 tokens by Llama 3's tokenizer. */
  @Test
  void countsProseAtAboutFourBytesAToken() {
    var prose =
        "The quick brown fox jumps over the lazy dog, and the dog, being lazy, does not mind at"
            + " all. Most people who read this sentence have read it before, because it has every"
            + " letter of the alphabet, which is why typists like it so much.";

    assertThat(of(prose)).isBetween(44, 64);
  }

  @Test
  void countsCodeMoreDensely() {
    var code = "for (int i = 0; i < n; i++) { sum += a[i] * b[i]; }\n".repeat(10);
    var prose = "for every number from one to the last take both and add ".repeat(10);

    assertThat((double) of(code) / code.length()).isGreaterThan(1.3 * of(prose) / prose.length());
  }

  @Test
  void countsOtherScriptsByTheCharacter() {
    assertThat(of("今日はとても良い天気ですね")).isBetween(8, 13);
    assertThat(of("Сегодня хорошая погода")).isBetween(6, 13);
    assertThat(of("🙂🙂🙂🙂")).isBetween(4, 12);
  }

  @Test
  void isNeverZero() {
    assertThat(new TokenEstimate().tokens()).isEqualTo(1);
  }

  @Test
  void addsWhatSurroundsMessagesAndImages() {
    var estimate = new TokenEstimate();
    estimate.message();
    estimate.image();

    assertThat(estimate.tokens()).isEqualTo(580);
  }
}
