package org.brokecluster.coordinator.routing.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.brokecluster.protocol.model.SharedSpeed;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.protocol.state.MachineLoad;
import org.brokecluster.protocol.state.MachineLoad.Thermal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HeatTest {
  @Test
  void whatTheSystemLeavesCountsMoreThanWhatIsTypical() {
    assertThat(Heat.share(machine(Thermal.CRITICAL, 70))).isEqualTo(0.7);
    assertThat(Heat.share(machine(Thermal.CRITICAL, null))).isEqualTo(0.5);
    assertThat(Heat.share(machine(Thermal.FAIR, null))).isEqualTo(1);
    assertThat(Heat.share(machine(null, null))).isEqualTo(1);
    assertThat(Heat.share(null)).isEqualTo(1);
  }

  @Test
  void aHotMachineIsSlowerAtReadingAndAnsweringAndLoadsAsBefore() {
    var cool =
        new Speed(400, 20, 9, true, 3, 1L, List.of(new SharedSpeed(2, 15), new SharedSpeed(4, 8)));

    var hot = Heat.slowed(cool, 0.5);

    assertThat(hot.prefillTokensPerSecond()).isEqualTo(200);
    assertThat(hot.decodeTokensPerSecond()).isEqualTo(10);
    assertThat(hot.loadSeconds()).isEqualTo(9);
    assertThat(hot.slowdown(4, 0.15)).isCloseTo(cool.slowdown(4, 0.15), within(1e-6));
    assertThat(Heat.slowed(cool, 1)).isSameAs(cool);
  }

  private static MachineLoad machine(@Nullable Thermal thermal, @Nullable Integer limit) {
    return new MachineLoad(null, null, null, null, null, thermal, limit, null);
  }
}
