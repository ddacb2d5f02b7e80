package org.brokecluster.node.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.ServiceLoader;
import org.brokecluster.node.detect.Detected;
import org.brokecluster.node.hardware.FakeCommands;
import org.brokecluster.node.hardware.Fixtures;
import org.brokecluster.protocol.state.MachineFacts;
import org.brokecluster.protocol.state.MachineLoad;
import org.brokecluster.protocol.state.MachineLoad.Power;
import org.brokecluster.protocol.state.MachineLoad.Pressure;
import org.brokecluster.protocol.state.MachineLoad.Thermal;
import org.brokecluster.shared.doctor.Checkup;
import org.brokecluster.shared.doctor.Finding;
import org.brokecluster.shared.doctor.Finding.Verdict;
import org.brokecluster.shared.doctor.Patient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksTest {
  private static final long GIB = 1L << 30;

  @TempDir private Path folder;

  private static MachineLoad load(Pressure pressure, Power power, Integer charge, Thermal heat) {
    return new MachineLoad(pressure, null, 3 * GIB, power, charge, heat, null, null);
  }

  @Test
  void saysNothingOfWhatCouldNotBeRead() {
    assertThat(MachineChecks.load(MachineLoad.UNKNOWN)).isEmpty();
    assertThat(MachineChecks.workingSet(MachineFacts.UNKNOWN, 16 * GIB)).isEmpty();
    assertThat(MachineChecks.files(OptionalLong.empty())).isEmpty();
    assertThat(MacChecks.sleep("garbage")).isEmpty();
    assertThat(MacChecks.firewall("garbage", true)).isEmpty();
    assertThat(MacChecks.localNetwork("garbage", true)).isEmpty();
  }

  @Test
  void judgesMemoryPowerAndHeat() {
    assertThat(MachineChecks.load(load(Pressure.NORMAL, Power.MAINS, 90, Thermal.NOMINAL)))
        .extracting(Finding::verdict)
        .containsExactly(Verdict.OK);
    var poor = MachineChecks.load(load(Pressure.CRITICAL, Power.BATTERY, 12, Thermal.SERIOUS));
    assertThat(poor)
        .extracting(Finding::verdict)
        .containsExactly(Verdict.BAD, Verdict.NOTE, Verdict.NOTE);
    assertThat(poor.get(0).detail()).contains("critical", "3.0 GB swapped");
    assertThat(poor.get(1).next()).contains("will not serve for long");
    assertThat(poor).allSatisfy(finding -> assertThat(finding.next()).isNotBlank());
  }

  @ParameterizedTest(name = "{0} of 64 GB, by hand {1}: {2}")
  @CsvSource({"48,false,OK", "48,true,OK", "62,true,NOTE", "20,true,NOTE", "20,false,OK"})
  void judgesWhatTheGpuMayHold(long limit, boolean byHand, Verdict verdict) {
    var facts = new MachineFacts(null, null, null, null, null, limit * GIB, byHand);

    assertThat(MachineChecks.workingSet(facts, 64 * GIB).orElseThrow().verdict())
        .isEqualTo(verdict);
  }

  @Test
  void aLimitOfFilesThatMlxCannotRaiseIsBad() {
    assertThat(MachineChecks.files(OptionalLong.of(10_240)).orElseThrow().verdict())
        .isEqualTo(Verdict.OK);
    assertThat(MachineChecks.files(OptionalLong.of(2_560)).orElseThrow().verdict())
        .isEqualTo(Verdict.BAD);
  }

  @Test
  void judgesWhetherAMacStaysAwake() {
    assertThat(MacChecks.sleep(Fixtures.read("pmset-awake.txt")).orElseThrow().verdict())
        .isEqualTo(Verdict.OK);
    var sleeps = MacChecks.sleep(Fixtures.read("pmset-sleeps.txt")).orElseThrow();
    assertThat(sleeps.verdict()).isEqualTo(Verdict.NOTE);
    assertThat(sleeps.next()).contains("sudo pmset -c sleep 0");
  }

  @Test
  void aFirewallMattersOnlyWhereOthersAreToComeIn() {
    var on = "Firewall is enabled. (State = 1)\n";

    assertThat(MacChecks.firewall(on, true).orElseThrow().verdict()).isEqualTo(Verdict.NOTE);
    assertThat(MacChecks.firewall(on, false).orElseThrow().verdict()).isEqualTo(Verdict.OK);
    assertThat(
            MacChecks.firewall("Firewall is disabled. (State = 0)", true).orElseThrow().verdict())
        .isEqualTo(Verdict.OK);
    assertThat(MacChecks.localNetwork("15.6.1", true).orElseThrow().next())
        .contains("Local Network");
    assertThat(MacChecks.localNetwork("14.5", true)).isEmpty();
    assertThat(MacChecks.localNetwork("26.1", false)).isEmpty();
  }

  private static RuntimeChecks.Seen seen(
      boolean mac, boolean mlx, List<Detected> running, String... installed) {
    return new RuntimeChecks.Seen(
        List.of(), false, mac, mlx, "mlx-lm 0.30.7 is too old", running, List.of(installed));
  }

  @Test
  void nothingThatCouldServeAModelIsBadUnlessTheClusterServesAlready() {
    var nothing = seen(false, false, List.of());

    assertThat(RuntimeChecks.of(nothing, false))
        .singleElement()
        .satisfies(finding -> assertThat(finding.verdict()).isEqualTo(Verdict.BAD))
        .satisfies(finding -> assertThat(finding.next()).contains("./broke demo"));
    assertThat(RuntimeChecks.of(nothing, true))
        .extracting(Finding::verdict)
        .containsExactly(Verdict.NOTE);
  }

  @Test
  void namesWhatRunsWhatIsInstalledAndWhatIsTooOld() {
    assertThat(RuntimeChecks.of(seen(false, false, List.of(), "ollama"), false).get(0).detail())
        .contains("installed but not running: ollama");
    var running = List.of(new Detected("Ollama 0.13", "ollama=http://127.0.0.1:11434"));
    var found = RuntimeChecks.of(seen(true, false, running), false);
    assertThat(found).extracting(Finding::verdict).containsExactly(Verdict.NOTE, Verdict.OK);
    assertThat(found.get(0).next()).contains("too old");
    assertThat(found.get(1).detail()).contains("Ollama 0.13 runs");
    assertThat(RuntimeChecks.of(seen(true, true, List.of()), false))
        .extracting(Finding::verdict)
        .containsExactly(Verdict.OK);
  }

  @Test
  void whatTheNodeStartsItselfNeedNotRun() {
    assertThat(RuntimeChecks.of(seen(false, true, List.of(), "mlx_lm.server"), false))
        .extracting(Finding::verdict)
        .containsExactly(Verdict.OK);
    assertThat(RuntimeChecks.of(seen(false, false, List.of(), "llama-server"), false))
        .singleElement()
        .satisfies(finding -> assertThat(finding.verdict()).isEqualTo(Verdict.OK))
        .satisfies(finding -> assertThat(finding.detail()).contains("./broke up serves GGUF"));
  }

  @Test
  void judgesTheFolderOfModelsAndTheSpaceThere() throws IOException {
    assertThat(ModelDiskChecks.of(folder.resolve("none"), 0))
        .extracting(Finding::verdict)
        .first()
        .isEqualTo(Verdict.NOTE);
    assertThat(ModelDiskChecks.of(folder, 0).get(0).verdict()).isEqualTo(Verdict.OK);
    var file = Files.createFile(folder.resolve("file"));
    assertThat(ModelDiskChecks.of(file, 0).get(0).verdict()).isEqualTo(Verdict.BAD);
    assertThat(ModelDiskChecks.of(folder, Long.MAX_VALUE).get(1).verdict()).isEqualTo(Verdict.BAD);
  }

  @Test
  void looksAtAMacByItsOwnCommands() {
    var commands =
        new FakeCommands()
            .prints("sysctl -n kern.osproductversion", "15.6.1\n")
            .prints("sysctl hw", Fixtures.read("sysctl-load.txt"))
            .prints("pmset -g therm", Fixtures.read("therm-limited.txt"))
            .prints("pmset -g batt", Fixtures.read("batt-battery.txt"))
            .prints("/usr/libexec", "Firewall is enabled. (State = 1)")
            .prints("sh -c ulimit", "unlimited\n");
    var config =
        ConfigFactory.parseString(
                "broke { cluster.bind = \"192.168.1.10\", node.pull.cache = \"%s\" }"
                    .formatted(folder))
            .withFallback(ConfigFactory.load());
    var patient =
        new Patient(config, folder, Map.of("HOME", folder.toString()), commands, true, false);

    var findings = new NodeCheckup().findings(patient);

    assertThat(findings)
        .extracting(Finding::what)
        .contains(
            "MLX", "model cache", "disk", "memory", "power", "heat", "firewall", "local network")
        .doesNotContain("open files");
    assertThat(findings)
        .filteredOn(finding -> finding.verdict() != Verdict.OK)
        .allSatisfy(finding -> assertThat(finding.next()).isNotBlank());
  }

  @Test
  void isFoundByTheDoctor() {
    Optional<Checkup> found =
        ServiceLoader.load(Checkup.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(NodeCheckup.class::isInstance)
            .findFirst();

    assertThat(found).isPresent();
  }
}
