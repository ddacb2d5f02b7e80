package org.brokecluster.coordinator.cli.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class SecondsTest {
  @ParameterizedTest
  @CsvSource({"3,3", "0.5,0.5", "3s,3", "12 s,12"})
  void mayNameTheirUnit(String text, double seconds) {
    assertThat(new Seconds().convert(text)).isEqualTo(seconds);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "-1", "3m", "1e9", "NaN"})
  void areNothingElse(String text) {
    assertThatThrownBy(() -> new Seconds().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("no number of seconds");
  }
}
