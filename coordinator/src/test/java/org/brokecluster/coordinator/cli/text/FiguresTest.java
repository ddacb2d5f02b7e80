package org.brokecluster.coordinator.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
  @ParameterizedTest
  @CsvSource({
    "0,0 B",
    "999,999 B",
    "1000,1.0 kB",
    "18450000000,18.5 GB",
    "999960,1.0 MB",
    "150000000000,150 GB",
    "2000000000000000,2000 TB"
  })
  void showsSizes(long bytes, String text) {
    assertThat(Figures.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"17179869184,16 GB", "68719476736,64 GB", "8589934592,8.0 GB", "1825361101,1.7 GB"})
  void showsMemory(long bytes, String text) {
    assertThat(Figures.memory(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"500,500", "32768,32.8K", "32800000000,32.8B"})
  void showsCounts(long count, String text) {
    assertThat(Figures.count(count)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0 ms",
    "999,999 ms",
    "1000,1.0 s",
    "59900,59.9 s",
    "60000,1 min 0 s",
    "250000,4 min 10 s",
    "7500000,2 h 5 min"
  })
  void showsTimes(long millis, String text) {
    assertThat(Figures.millis(millis)).isEqualTo(text);
  }
}
