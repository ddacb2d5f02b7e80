package org.brokecluster.coordinator.routing.demand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import org.brokecluster.protocol.id.ModelId;
import org.junit.jupiter.api.Test;

class DemandTest {
  private static final ModelId MODEL = ModelId.of("m");
  private static final Instant MONDAY_NINE = Instant.parse("2026-11-16T09:00:00Z");

  private final Demand demand = new Demand(new DemandSettings(Duration.ofMinutes(10), 3));

  @Test
  void aSteadyStreamIsSeenAsItsRateAndFadesAfterwards() {
    for (int second = 0; second < 7_200; second += 2) {
      ask(MODEL, second);
    }

    assertThat(demand.perSecond(MODEL, 7_200_000)).isCloseTo(0.5, within(0.02));
    assertThat(demand.perSecond(MODEL, 7_800_000)).isCloseTo(0.5 / Math.E, within(0.02));
    assertThat(demand.serviceMs(MODEL)).isCloseTo(4_000, within(1e-6));
  }

  @Test
  void anHourOfWorkingDaysIsRememberedAndAnotherIsNot() {
    for (int day = 0; day < 4; day++) {
      for (int minute = 0; minute < 60; minute++) {
        ask(MODEL, day * 86_400 + minute * 60);
      }
    }
    ask(MODEL, 4 * 86_400);

    var friday = MONDAY_NINE.plus(Duration.ofDays(4));
    assertThat(demand.usualPerHour(MODEL, friday)).isBetween(45.0, 60.0);
    assertThat(demand.usualPerHour(MODEL, friday.plus(Duration.ofHours(3)))).isZero();
    assertThat(demand.usualPerHour(MODEL, friday.plus(Duration.ofDays(1)))).isZero();
  }

  @Test
  void habitsThatEndAreForgotten() {
    for (int minute = 0; minute < 60; minute++) {
      ask(MODEL, minute * 60);
    }
    ask(MODEL, 3 * 3_600);
    double once = demand.usualPerHour(MODEL, MONDAY_NINE);
    ask(MODEL, 86_400 + 3 * 3_600);

    assertThat(once).isPositive();
    assertThat(demand.usualPerHour(MODEL, MONDAY_NINE)).isLessThan(0.7 * once);
  }

  @Test
  void habitsAreForgottenAlsoWhereNobodyAsksAnyMore() {
    for (int minute = 0; minute < 60; minute++) {
      ask(MODEL, minute * 60);
    }
    ask(MODEL, 3_600);

    var tomorrow = MONDAY_NINE.plus(Duration.ofDays(1));
    assertThat(demand.usualPerHour(MODEL, tomorrow)).isCloseTo(24, within(1e-6));
    assertThat(demand.usualPerHour(MODEL, tomorrow.plus(Duration.ofDays(1))))
        .isCloseTo(0.6 * 24, within(1e-6));
    assertThat(demand.usualPerHour(MODEL, MONDAY_NINE.plus(Duration.ofDays(7))))
        .as("after four working days without")
        .isCloseTo(0.6 * 0.6 * 0.6 * 0.6 * 24, within(1e-6));
    assertThat(demand.usualPerHour(MODEL, MONDAY_NINE.plus(Duration.ofDays(700)))).isLessThan(0.02);
  }

  @Test
  void remembersNoMoreModelsThanItMay() {
    for (int i = 0; i < 10; i++) {
      ask(ModelId.of("m" + i), i);
    }

    assertThat(demand.size()).isEqualTo(3);
    assertThat(demand.perSecond(ModelId.of("m0"), 10_000)).isZero();
    assertThat(demand.perSecond(ModelId.of("m9"), 10_000)).isPositive();
  }

  private void ask(ModelId model, int second) {
    demand.asked(model, 4_000, MONDAY_NINE.plusSeconds(second), second * 1_000L);
  }
}
