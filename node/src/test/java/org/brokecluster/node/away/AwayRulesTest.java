package org.brokecluster.node.away;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import org.brokecluster.node.away.AwayRules.Reason;
import org.brokecluster.node.hardware.OwnerSigns;
import org.brokecluster.protocol.state.MachineLoad;
import org.brokecluster.protocol.state.MachineLoad.Power;
import org.brokecluster.protocol.state.MachineLoad.Pressure;
import org.junit.jupiter.api.Test;

class AwayRulesTest {
  /** A Wednesday. */
  private static final LocalDateTime NOON = LocalDateTime.of(2026, 11, 18, 12, 0);

  private static final OwnerSigns NOBODY = new OwnerSigns(NOON, null);

  private final AwayRules rules = rules(10, true);
  private final AwayRules wishes =
      new AwayRules(
          new AwaySettings(
              0,
              false,
              true,
              List.of(Hours.parse("mon-fri 09:00-11:30"), Hours.parse("wed 14:00-15:00")),
              Duration.ofMinutes(5),
              Duration.ofSeconds(8)));

  @Test
  void aNearlyEmptyBatteryIsAReasonUntilItIsClearlyCharged() {
    assertThat(rules.look(battery(Power.BATTERY, 10), NOBODY)).isEmpty();
    assertThat(rules.look(battery(Power.BATTERY, 9), NOBODY)).containsExactly(Reason.BATTERY);
    assertThat(rules.look(battery(Power.BATTERY, 14), NOBODY)).containsExactly(Reason.BATTERY);
    assertThat(rules.look(battery(Power.BATTERY, 15), NOBODY)).isEmpty();
    assertThat(rules.look(battery(Power.BATTERY, 12), NOBODY)).isEmpty();
  }

  @Test
  void aMachineOnTheMainsHasNoBatteryToSpare() {
    rules.look(battery(Power.BATTERY, 5), NOBODY);

    assertThat(rules.look(battery(Power.MAINS, 5), NOBODY)).isEmpty();
  }

  @Test
  void criticalMemoryIsAReasonUntilThereIsEnoughAgain() {
    assertThat(rules.look(memory(Pressure.WARN), NOBODY)).isEmpty();
    assertThat(rules.look(memory(Pressure.CRITICAL), NOBODY)).containsExactly(Reason.MEMORY);
    assertThat(rules.look(memory(Pressure.WARN), NOBODY)).containsExactly(Reason.MEMORY);
    assertThat(rules.look(memory(Pressure.NORMAL), NOBODY)).isEmpty();
  }

  @Test
  void whatIsNotKnownIsNoReason() {
    assertThat(rules.look(MachineLoad.UNKNOWN, NOBODY)).isEmpty();
    rules.look(memory(Pressure.CRITICAL), NOBODY);
    assertThat(rules.look(MachineLoad.UNKNOWN, NOBODY)).isEmpty();
  }

  @Test
  void bothCanBeSwitchedOff() {
    var off = rules(0, false);

    assertThat(off.look(battery(Power.BATTERY, 0), NOBODY)).isEmpty();
    assertThat(off.look(memory(Pressure.CRITICAL), NOBODY)).isEmpty();
  }

  @Test
  void anOwnerAtTheKeyboardIsAReasonUntilNothingWasTouchedForAWhile() {
    assertThat(wishes.look(MachineLoad.UNKNOWN, touched(0))).containsExactly(Reason.OWNER);
    assertThat(wishes.look(MachineLoad.UNKNOWN, touched(299))).containsExactly(Reason.OWNER);
    assertThat(wishes.look(MachineLoad.UNKNOWN, touched(300))).isEmpty();
    assertThat(rules.look(MachineLoad.UNKNOWN, touched(0))).as("unless asked for").isEmpty();
  }

  @Test
  void itsOwnersHoursAreAReason() {
    assertThat(wishes.look(MachineLoad.UNKNOWN, new OwnerSigns(NOON.minusHours(1), null)))
        .containsExactly(Reason.HOURS);
    assertThat(wishes.look(MachineLoad.UNKNOWN, NOBODY)).isEmpty();
    assertThat(wishes.look(MachineLoad.UNKNOWN, new OwnerSigns(NOON.plusHours(2), null)))
        .containsExactly(Reason.HOURS);
  }

  @Test
  void aFullBatteryIsAReasonWhereTheOwnerWantsItPluggedIn() {
    assertThat(wishes.look(battery(Power.BATTERY, 100), NOBODY)).containsExactly(Reason.UNPLUGGED);
    assertThat(wishes.look(battery(Power.MAINS, 3), NOBODY)).isEmpty();
    assertThat(wishes.look(MachineLoad.UNKNOWN, NOBODY)).isEmpty();
    assertThat(rules.look(battery(Power.BATTERY, 100), NOBODY)).as("unless asked for").isEmpty();
  }

  @Test
  void anAbsenceTellsTheReasonThatHasBeenThereLongest() {
    var absence = new Absence();
    absence.begin("a");
    absence.begin("b");

    assertThat(absence.why()).isEqualTo("a");
    absence.end("a");
    assertThat(absence.why()).isEqualTo("b");
    absence.end("b");
    assertThat(absence.why()).isNull();
  }

  private static OwnerSigns touched(long secondsAgo) {
    return new OwnerSigns(NOON, Duration.ofSeconds(secondsAgo));
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
    return new AwayRules(
        new AwaySettings(floor, memory, false, List.of(), Duration.ZERO, Duration.ofSeconds(8)));
  }

  private static MachineLoad battery(Power power, int percent) {
    return new MachineLoad(null, null, null, power, percent, null, null, null);
  }

  private static MachineLoad memory(Pressure pressure) {
    return new MachineLoad(pressure, null, null, null, null, null, null, null);
  }
}
