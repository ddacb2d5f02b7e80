package org.brokecluster.node.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalLong;
import org.brokecluster.protocol.state.MachineFacts;
import org.brokecluster.protocol.state.MachineLoad.Power;
import org.brokecluster.protocol.state.MachineLoad.Pressure;
import org.brokecluster.protocol.state.MachineLoad.Thermal;
import org.brokecluster.shared.hardware.Chip;
import org.junit.jupiter.api.Test;

class MacMachineTest {
  private final FakeCommands commands = new FakeCommands();
  private final MacMachine mac = new MacMachine(commands);

  @Test
  void tellsWhatAMacIs() {
    commands
        .prints("sysctl", Fixtures.read("sysctl-facts.txt"))
        .prints("system_profiler", Fixtures.read("displays-m3max.json"));

    assertThat(mac.facts())
        .isEqualTo(new MachineFacts("macOS 26.6.2", "Mac14,6", 8, 4, 40, 48L << 30, false));
  }

  @Test
  void believesALimitThatSomebodyHasSet() {
    commands.prints("sysctl", Fixtures.read("sysctl-limit-by-hand.txt"));

    assertThat(mac.facts())
        .isEqualTo(new MachineFacts(null, null, null, null, null, 26624L << 20, true));
  }

  @Test
  void tellsHowAMacIs() {
    commands
        .prints("sysctl", Fixtures.read("sysctl-load.txt"))
        .prints("pmset -g batt", Fixtures.read("batt-battery.txt"))
        .prints("pmset -g therm", Fixtures.read("therm-limited.txt"));

    var load = mac.load();

    assertThat(load.pressure()).isEqualTo(Pressure.WARN);
    assertThat(load.availableBytes()).isEqualTo((16L << 30) / 100 * 40);
    assertThat(load.swapUsedBytes()).isEqualTo(Math.round(11947.44 * (1 << 20)));
    assertThat(load.power()).isEqualTo(Power.BATTERY);
    assertThat(load.batteryPercent()).isEqualTo(78);
    assertThat(load.thermal()).isEqualTo(Thermal.SERIOUS);
    assertThat(load.speedLimitPercent()).isEqualTo(62);
  }

  @Test
  void asksOtherCommandsForFreeMemoryWhereTheKernelDoesNotSay() {
    commands
        .prints("sysctl", "hw.memsize: 17179869184\n")
        .prints("memory_pressure -Q", Fixtures.read("memory-pressure.txt"));
    assertThat(mac.load().availableBytes()).isEqualTo((16L << 30) / 100 * 75);

    var pagesOnly = new FakeCommands().prints("vm_stat", Fixtures.read("vm-stat.txt"));
    assertThat(new MacMachine(pagesOnly).load().availableBytes()).isEqualTo(28934L * 16384);
  }

  @Test
  void leavesOutWhatNoCommandTells() {
    assertThat(mac.facts()).isEqualTo(MachineFacts.UNKNOWN);
    var load = mac.load();
    assertThat(load.pressure()).isNull();
    assertThat(load.availableBytes()).isNull();
    assertThat(load.swapUsedBytes()).isNull();
    assertThat(load.batteryPercent()).isNull();
    assertThat(load.thermal()).isNull();
  }

  @Test
  void theProbeTakesTheLimitSetByHandAsTheWorkingSet() {
    commands.prints("sysctl", "iogpu.wired_limit_mb: 300\n");
    var chip = Chip.parse("M2 Ultra");

    var asked = new OshiHardwareProbe(new HardwareSettings(chip, OptionalLong.empty()), commands);
    var assumed =
        new OshiHardwareProbe(new HardwareSettings(chip, OptionalLong.of(64L << 30)), commands);

    assertThat(asked.probe().workingSetBytes()).isEqualTo(300L << 20);
    assertThat(assumed.probe().workingSetBytes()).isEqualTo(48L << 30);
    assertThat(
            new OshiHardwareProbe(new HardwareSettings(Optional.empty(), OptionalLong.empty()))
                .probe()
                .workingSetBytes())
        .isPositive();
  }
}
