package org.brokecluster.coordinator.routing.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.brokecluster.protocol.state.MachineLoad;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReluctanceTest {
  @Test
  void isNoneWhereNothingIsKnownOrNothingIsUsedUp() {
    assertThat(Reluctance.of(null)).isZero();
    assertThat(Reluctance.of(MachineLoad.UNKNOWN)).isZero();
    assertThat(Reluctance.of(machine(MachineLoad.Power.MAINS, 20))).isZero();
  }

  @Test
  void growsAsABatteryRunsOut() {
    double full = Reluctance.of(machine(MachineLoad.Power.BATTERY, 100));
    double half = Reluctance.of(machine(MachineLoad.Power.BATTERY, 50));
    double empty = Reluctance.of(machine(MachineLoad.Power.BATTERY, 0));

    assertThat(full).isBetween(0.2, 0.4);
    assertThat(half).isGreaterThan(full).isLessThan(empty);
    assertThat(empty).isEqualTo(1);
    assertThat(Reluctance.of(machine(MachineLoad.Power.BATTERY, null))).isBetween(full, empty);
  }

  private static MachineLoad machine(MachineLoad.Power power, @Nullable Integer charge) {
    return new MachineLoad(null, null, null, power, charge, null, null, null);
  }
}
