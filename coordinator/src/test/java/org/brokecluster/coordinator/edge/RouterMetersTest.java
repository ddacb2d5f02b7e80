package org.brokecluster.coordinator.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.brokecluster.coordinator.http.FakeClusterDesk;
import org.junit.jupiter.api.Test;

/** How well promises are kept is among the meters, each kind of time with what is known of it. */
class RouterMetersTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void tellsHowWellEachKindOfTimeIsKept() {
    RouterMeters.register(registry, new FakeClusterDesk());

    assertThat(gauge("kept", "first")).isEqualTo(0.75);
    assertThat(gauge("error", "first")).isEqualTo(0.25);
    assertThat(gauge("error.before", "first")).isEqualTo(0.5);
    assertThat(gauge("error", "waiting")).isEqualTo(0.125);
    assertThat(gauge("error.before", "waiting")).isEqualTo(0.375);
  }

  @Test
  void hasNoFigureOfWhatNobodyWasPromised() {
    RouterMeters.register(registry, new FakeClusterDesk());

    assertThat(gauge("error", "finish")).isNaN();
  }

  @Test
  void tellsWhatOfTheHistoryIsNotStored() {
    RouterMeters.register(registry, new FakeClusterDesk());

    assertThat(registry.get("broke.history.backlog").gauge().value()).isNotNegative();
    assertThat(registry.get("broke.history.lost").gauge().value()).isNotNegative();
  }

  private double gauge(String name, String time) {
    return registry.get("broke.router.promise." + name).tag("time", time).gauge().value();
  }
}
