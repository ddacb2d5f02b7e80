package org.brokecluster.node.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.brokecluster.protocol.state.MachineFacts;
import org.brokecluster.protocol.state.MachineLoad.Power;
import org.brokecluster.protocol.state.MachineLoad.Pressure;
import org.brokecluster.protocol.state.MachineLoad.Thermal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over a folder laid out like {@code /proc} and {@code /sys} of a laptop. */
class LinuxMachineTest {
  @TempDir private Path root;
  private LinuxMachine linux;

  @BeforeEach
  void take() {
    linux = new LinuxMachine(root);
  }

  private void file(String path, String text) throws IOException {
    var file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text + "\n");
  }

  @Test
  void leavesOutEverythingOnAnEmptyMachine() {
    assertThat(linux.facts()).isEqualTo(MachineFacts.UNKNOWN);
    var load = linux.load();
    assertThat(load.pressure()).isNull();
    assertThat(load.availableBytes()).isNull();
    assertThat(load.swapUsedBytes()).isNull();
    assertThat(load.power()).isNull();
    assertThat(load.batteryPercent()).isNull();
    assertThat(load.thermal()).isNull();
  }

  @Test
  void tellsSystemAndModel() throws IOException {
    file("etc/os-release", "NAME=Debian\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"");
    file("sys/devices/virtual/dmi/id/product_name", "ThinkPad T14 ");

    assertThat(linux.facts().system()).isEqualTo("Debian GNU/Linux 12 (bookworm)");
    assertThat(linux.facts().model()).isEqualTo("ThinkPad T14");
  }

  @Test
  void tellsMemoryAndPressure() throws IOException {
    file(
        "proc/meminfo",
        "MemTotal: 16000 kB\nMemAvailable:  9000 kB\nSwapTotal:  4000 kB\nSwapFree:  1000 kB");
    file("proc/pressure/memory", stall(0.0, 0.0));

    var load = linux.load();

    assertThat(load.availableBytes()).isEqualTo(9000L * 1024);
    assertThat(load.swapUsedBytes()).isEqualTo(3000L * 1024);
    assertThat(load.pressure()).isEqualTo(Pressure.NORMAL);
    file("proc/pressure/memory", stall(12.5, 3.0));
    assertThat(linux.load().pressure()).isEqualTo(Pressure.WARN);
    file("proc/pressure/memory", stall(60.0, 31.25));
    assertThat(linux.load().pressure()).isEqualTo(Pressure.CRITICAL);
  }

  private static String stall(double some, double full) {
    return "some avg10=%s avg60=0.00 avg300=0.00 total=0\nfull avg10=%s avg60=0.00 avg300=0.00 total=0"
        .formatted(some, full);
  }

  @Test
  void tellsWhereTheElectricityComesFrom() throws IOException {
    file("sys/class/power_supply/AC/type", "Mains");
    file("sys/class/power_supply/AC/online", "1");
    file("sys/class/power_supply/BAT0/type", "Battery");
    file("sys/class/power_supply/BAT0/status", "Charging");
    file("sys/class/power_supply/BAT0/capacity", "64");
    file("sys/class/power_supply/hidpp/type", "Battery");
    file("sys/class/power_supply/hidpp/scope", "Device");
    file("sys/class/power_supply/hidpp/capacity", "5");

    assertThat(linux.load().power()).isEqualTo(Power.MAINS);
    assertThat(linux.load().batteryPercent()).isEqualTo(64);

    file("sys/class/power_supply/AC/online", "0");
    file("sys/class/power_supply/BAT0/status", "Discharging");
    assertThat(linux.load().power()).isEqualTo(Power.BATTERY);
  }

  @Test
  void tellsHeatByTheTripPointsOfTheHottestZone() throws IOException {
    zone(0, 45_000);
    zone(1, 96_000);
    assertThat(linux.load().thermal()).isEqualTo(Thermal.FAIR);

    zone(1, 111_000);
    assertThat(linux.load().thermal()).isEqualTo(Thermal.CRITICAL);

    zone(1, 50_000);
    assertThat(linux.load().thermal()).isEqualTo(Thermal.NOMINAL);
  }

  private void zone(int number, int milliDegrees) throws IOException {
    var zone = "sys/class/thermal/thermal_zone" + number + "/";
    file(zone + "temp", Integer.toString(milliDegrees));
    file(zone + "trip_point_0_type", "passive");
    file(zone + "trip_point_0_temp", "95000");
    file(zone + "trip_point_1_type", "critical");
    file(zone + "trip_point_1_temp", "110000");
  }

  @Test
  void readsThisVeryMachineWithoutAnError() {
    assertThat(MachineProbes.ofThisSystem().load()).isNotNull();
    assertThat(MachineProbes.ofThisSystem().facts()).isNotNull();
    assertThat(MachineProbes.forSystem("Windows 11")).isSameAs(MachineProbe.NONE);
  }
}
