package org.brokecluster.node.away;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.brokecluster.node.away.AwayRules.Reason;
import org.brokecluster.protocol.state.MachineLoad;
import org.brokecluster.protocol.state.MachineLoad.Power;
import org.brokecluster.protocol.state.MachineLoad.Pressure;
import org.junit.jupiter.api.Test;

class AwayRulesTest {
  private final AwayRules rules = rules(10, true);

  @Test
  void aNearlyEmptyBatteryIsAReasonUntilItIsClearlyCharged() {
    assertThat(rules.look(battery(Power.BATTERY, 10))).isEmpty();
    assertThat(rules.look(battery(Power.BATTERY, 9))).containsExactly(Reason.BATTERY);
    assertThat(rules.look(battery(Power.BATTERY, 14))).containsExactly(Reason.BATTERY);
    assertThat(rules.look(battery(Power.BATTERY, 15))).isEmpty();
    assertThat(rules.look(battery(Power.BATTERY, 12))).isEmpty();
  }

  @Test
  void aMachineOnTheMainsHasNoBatteryToSpare() {
    rules.look(battery(Power.BATTERY, 5));

    assertThat(rules.look(battery(Power.MAINS, 5))).isEmpty();
  }

  @Test
  void criticalMemoryIsAReasonUntilThereIsEnoughAgain() {
    assertThat(rules.look(memory(Pressure.WARN))).isEmpty();
    assertThat(rules.look(memory(Pressure.CRITICAL))).containsExactly(Reason.MEMORY);
    assertThat(rules.look(memory(Pressure.WARN))).containsExactly(Reason.MEMORY);
    assertThat(rules.look(memory(Pressure.NORMAL))).isEmpty();
  }

  @Test
  void whatIsNotKnownIsNoReason() {
    assertThat(rules.look(MachineLoad.UNKNOWN)).isEmpty();
    rules.look(memory(Pressure.CRITICAL));
    assertThat(rules.look(MachineLoad.UNKNOWN)).isEmpty();
  }

  @Test
  void bothCanBeSwitchedOff() {
    var off = rules(0, false);

    assertThat(off.look(battery(Power.BATTERY, 0))).isEmpty();
    assertThat(off.look(memory(Pressure.CRITICAL))).isEmpty();
  }

  @Test
  void anAbsenceEndsWithItsLastReason() {
    var absence = new Absence();
    assertThat(absence.begin("a")).isTrue();
    assertThat(absence.begin("a")).isFalse();
    absence.begin("b");

    assertThat(absence.end("a")).isFalse();
    assertThat(absence.isFor("a")).isFalse();
    assertThat(absence.end("a")).isFalse();
    assertThat(absence.end("b")).isTrue();
    assertThat(absence.end("b")).isFalse();
  }

  private static AwayRules rules(int floor, boolean memory) {
    return new AwayRules(new AwaySettings(floor, memory, Duration.ofSeconds(8)));
  }

  private static MachineLoad battery(Power power, int percent) {
    return new MachineLoad(null, null, null, power, percent, null, null, null);
  }

  private static MachineLoad memory(Pressure pressure) {
    return new MachineLoad(pressure, null, null, null, null, null, null, null);
  }
}
