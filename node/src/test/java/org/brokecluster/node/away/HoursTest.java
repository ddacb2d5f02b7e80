package org.brokecluster.node.away;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hours of days as somebody writes them; 16 November 2026 is a Monday. */
class HoursTest {
  @ParameterizedTest(name = "{0} at {1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "mon-fri 09:00-17:30   | 2026-11-16T09:00 | true",
        "mon-fri 09:00-17:30   | 2026-11-20T17:29 | true",
        "mon-fri 09:00-17:30   | 2026-11-20T17:30 | false",
        "mon-fri 09:00-17:30   | 2026-11-16T08:59 | false",
        "mon-fri 09:00-17:30   | 2026-11-21T12:00 | false",
        "9:00 - 17:30          | 2026-11-22T12:00 | true",
        "22:00-06:00           | 2026-11-16T23:00 | true",
        "22:00-06:00           | 2026-11-16T05:59 | true",
        "22:00-06:00           | 2026-11-16T12:00 | false",
        "fri 22:00-02:00       | 2026-11-21T01:59 | true",
        "fri 22:00-02:00       | 2026-11-20T01:00 | false",
        "fri 22:00-02:00       | 2026-11-21T23:00 | false",
        "Sat,Sun 00:00-24:00   | 2026-11-22T23:59 | true",
        "Sat,Sun 00:00-24:00   | 2026-11-23T00:00 | false",
        "sat-mon 08:00-09:00   | 2026-11-16T08:30 | true",
        "sat-mon 08:00-09:00   | 2026-11-17T08:30 | false",
        "mon,wed-thu 8:00-9:00 | 2026-11-19T08:00 | true",
        "mon,wed-thu 8:00-9:00 | 2026-11-17T08:00 | false",
      })
  void holdTheirFirstMinuteAndNotTheirLast(String text, LocalDateTime time, boolean within) {
    assertThat(Hours.parse(text).contains(time)).isEqualTo(within);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "night",
        "9-17",
        "09:00",
        "25:00-26:00",
        "09:60-10:00",
        "24:00-08:00",
        "09:00-09:00",
        "funday 09:00-10:00",
        "mon-wed-fri 09:00-10:00",
        "mon, 09:00-10:00",
        "mon fri 09:00-10:00",
        "- 09:00-10:00",
        "09:00-24:01"
      })
  void areNotGuessedAt(String text) {
    assertThatThrownBy(() -> Hours.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("mon-fri 09:00-17:30");
  }
}
