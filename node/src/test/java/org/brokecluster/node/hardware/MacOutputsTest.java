package org.brokecluster.node.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.brokecluster.protocol.state.MachineLoad.Power;
import org.brokecluster.protocol.state.MachineLoad.Thermal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MacOutputsTest {
  @Test
  void everyFixtureNamesItsSource() {
    assertThat(Fixtures.all())
        .hasSizeGreaterThan(10)
        .allSatisfy(file -> assertThat(Fixtures.whole(file)).startsWith(Fixtures.SOURCE));
  }

  @Test
  void readsNamesAndNumbersOfSysctl() {
    var facts = SysctlValues.parse(Fixtures.read("sysctl-facts.txt"));

    assertThat(facts.number("hw.memsize")).hasValue(64L << 30);
    assertThat(facts.text("hw.model")).contains("Mac14,6");
    assertThat(facts.count("hw.perflevel0.physicalcpu")).hasValue(8);
    assertThat(facts.number("iogpu.wired_limit_mb")).hasValue(0);
    assertThat(facts.count("iogpu.wired_limit_mb")).isEmpty();
    assertThat(facts.text("hw.nothing")).isEmpty();
  }

  @Test
  void readsWhenTheOwnerTouchedSomethingLast() {
    assertThat(IdleOutput.untouched(Fixtures.read("ioreg-hid.txt")))
        .contains(Duration.ofMillis(4_500));
    assertThat(IdleOutput.untouched("\"HIDIdleTime\" = 9000000000\n\"HIDIdleTime\" = 5\n"))
        .as("of several the one touched last")
        .contains(Duration.ofNanos(5));
    assertThat(IdleOutput.untouched("\"HIDIdleTime\" = soon")).isEmpty();
    assertThat(IdleOutput.untouched("")).isEmpty();
  }

  @Test
  void readsSwapInEachUnit() {
    assertThat(SysctlValues.parse(Fixtures.read("sysctl-load.txt")).swapUsed())
        .hasValue(Math.round(11947.44 * (1 << 20)));
    assertThat(swap("used = 1.50G")).hasValue(3L << 29);
    assertThat(swap("used = 0.00M")).hasValue(0);
    assertThat(swap("used = many")).isEmpty();
  }

  private static java.util.OptionalLong swap(String text) {
    return SysctlValues.parse("vm.swapusage: total = 9G  " + text + "  free = 1G").swapUsed();
  }

  @Test
  void countsPagesThatCanBeHadWithoutSwapping() {
    assertThat(VmStat.availableBytes(Fixtures.read("vm-stat.txt")))
        .hasValue((17490L + 4916 + 6528) * 16384);
    assertThat(VmStat.availableBytes("Pages free: 17490.")).isEmpty();
  }

  @Test
  void readsTheFreePercentage() {
    assertThat(MemoryPressureOutput.freePercent(Fixtures.read("memory-pressure.txt"))).hasValue(75);
    assertThat(MemoryPressureOutput.freePercent("free percentage: 175%")).isEmpty();
  }

  @Test
  void readsWhereTheElectricityComesFrom() {
    assertThat(PowerOutput.source(Fixtures.read("batt-mains.txt"))).contains(Power.MAINS);
    assertThat(PowerOutput.charge(Fixtures.read("batt-mains.txt"))).hasValue(97);
    assertThat(PowerOutput.source(Fixtures.read("batt-battery.txt"))).contains(Power.BATTERY);
    assertThat(PowerOutput.charge(Fixtures.read("batt-battery.txt"))).hasValue(78);
    assertThat(PowerOutput.source(Fixtures.read("batt-desktop.txt"))).contains(Power.MAINS);
    assertThat(PowerOutput.charge(Fixtures.read("batt-desktop.txt"))).isEmpty();
    assertThat(PowerOutput.source("Now drawing from 'Perpetuum Mobile'")).isEmpty();
  }

  @Test
  void readsHeat() {
    var quiet = Fixtures.read("therm-quiet.txt");
    var limited = Fixtures.read("therm-limited.txt");

    assertThat(ThermalOutput.state(quiet)).contains(Thermal.NOMINAL);
    assertThat(ThermalOutput.speedLimit(quiet)).isEmpty();
    assertThat(ThermalOutput.speedLimit(limited)).hasValue(62);
    assertThat(ThermalOutput.state(limited)).contains(Thermal.SERIOUS);
  }

  @ParameterizedTest(name = "{0} % is {1}")
  @CsvSource({"100,NOMINAL", "99,FAIR", "80,FAIR", "79,SERIOUS", "50,SERIOUS", "49,CRITICAL"})
  void namesHeatByTheSpeedItLeaves(int limit, Thermal state) {
    assertThat(ThermalOutput.state("CPU_Speed_Limit = " + limit)).contains(state);
  }

  @Test
  void readsHeatFromAWarningLevelWhereThereIsNoLimit() {
    assertThat(ThermalOutput.state("Thermal Warning Level = 2")).contains(Thermal.SERIOUS);
    assertThat(ThermalOutput.state("Thermal Warning Level = 0")).contains(Thermal.NOMINAL);
    assertThat(ThermalOutput.state("something unrelated")).isEmpty();
  }

  @Test
  void readsWhenAMacGoesToSleep() {
    var awake = SleepSettings.parse(Fixtures.read("pmset-awake.txt"));
    assertThat(awake.minutes()).hasValue(0);
    assertThat(awake.keptAwake()).isTrue();

    var sleeps = SleepSettings.parse(Fixtures.read("pmset-sleeps.txt"));
    assertThat(sleeps.minutes()).hasValue(1);
    assertThat(sleeps.keptAwake()).isFalse();

    assertThat(SleepSettings.parse(Fixtures.read("pmset-custom.txt")).minutes()).hasValue(30);
    assertThat(SleepSettings.parse("displaysleep 3").minutes()).isEmpty();
  }

  @Test
  void readsTheCoresOfTheGpu() {
    assertThat(GraphicsProfile.gpuCores(Fixtures.read("displays-m3max.json"))).hasValue(40);
    assertThat(GraphicsProfile.gpuCores("{\"SPDisplaysDataType\": [{\"_name\": \"x\"}]}"))
        .isEmpty();
    assertThat(GraphicsProfile.gpuCores("not json")).isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void neverFailsOnOutputsThatWereCutOrGarbled(long seed) {
    var random = new Random(seed);
    for (var file : Fixtures.all()) {
      var text = new StringBuilder(Fixtures.whole(file));
      text.setLength(random.nextInt(text.length()));
      for (int i = 0; i < 5 && !text.isEmpty(); i++) {
        text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(0x2FF));
      }
      var garbled = text.toString();

      assertThat(SysctlValues.parse(garbled).swapUsed()).isNotNull();
      assertThat(VmStat.availableBytes(garbled)).isNotNull();
      assertThat(MemoryPressureOutput.freePercent(garbled)).isNotNull();
      assertThat(PowerOutput.charge(garbled)).isNotNull();
      assertThat(ThermalOutput.state(garbled)).isInstanceOf(Optional.class);
      assertThat(SleepSettings.parse(garbled)).isNotNull();
      assertThat(GraphicsProfile.gpuCores(garbled)).isNotNull();
    }
  }
}
