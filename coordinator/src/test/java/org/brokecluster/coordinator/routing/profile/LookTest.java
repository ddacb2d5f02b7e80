package org.brokecluster.coordinator.routing.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LookTest {
  @ParameterizedTest
  @ValueSource(strings = {"2+2", "What is 17 * 23?", "x^2-5x+6=0", "12% of 250", "(3 + 4) / 7"})
  void takesShortNumbersWithSignsForASum(String text) {
    assertThat(Look.at(text).sum()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x^n + y^n = z^n",
        "What causes COVID-19?",
        "CVE-2021-44228",
        "Compute 29^13 - 5^13 modulo 7",
        "Evaluate $81^{3/4}$.",
        "17",
        "a - b",
        ""
      })
  void takesNothingElseForOne(String text) {
    assertThat(Look.at(text).sum()).isFalse();
  }

  @Test
  void countsYearsNamesAndLines() {
    var look = Look.at("How many people lived in Bad Urach in 1871, and how many of 12?\nTell me.");

    assertThat(look.years()).isEqualTo(1);
    assertThat(look.numbers()).isEqualTo(1);
    assertThat(look.names()).isEqualTo(2);
    assertThat(look.lines()).isEqualTo(2);
    assertThat(Look.at("It cost $1956").years()).isZero();
  }

  @Test
  void seesThatThereAreNoWords() {
    assertThat(Look.at("👍 !!").wordless()).isTrue();
    assertThat(Look.at("ok").wordless()).isFalse();
    assertThat(Look.at("7").wordless()).isFalse();
    assertThat(Look.at("x".repeat(1_000)).wordless()).isFalse();
  }
}
