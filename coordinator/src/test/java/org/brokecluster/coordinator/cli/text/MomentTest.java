package org.brokecluster.coordinator.cli.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** Moments as users give them, on a machine in New York. */
class MomentTest {
  private static final ZoneId ZONE = ZoneId.of("America/New_York");

  @ParameterizedTest
  @CsvSource({
    "2026-11-21,2026-11-21T05:00:00Z",
    "2026-11-21 14:03,2026-11-21T19:03:00Z",
    "2026-11-21T14:03:07,2026-11-21T19:03:07Z",
    "2026-11-21T14:03Z,2026-11-21T14:03:00Z",
    "2026-11-21T14:03:07.5Z,2026-11-21T14:03:07.500Z",
    "2026-11-21T14:03:00+01:00,2026-11-21T13:03:00Z"
  })
  void areOfThisMachineUnlessTheyNameTheirZone(String text, Instant moment) {
    assertThat(Moment.of(text, ZONE)).isEqualTo(moment);
  }

  @Test
  void canBeCopiedFromAnyTable() {
    var moment = Instant.parse("2026-07-01T23:59:58Z");

    assertThat(Moment.of(Figures.time(moment.toString(), ZONE), ZONE)).isEqualTo(moment);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "14:03", "2026-11-31", "2026-11-21 25:00", "", "-"})
  void areRefusedWithTheFormsThereAre(String text) {
    assertThatThrownBy(() -> new Moment().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("2026-11-21 14:03");
  }
}
