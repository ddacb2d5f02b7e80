package org.brokecluster.node.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.brokecluster.node.detect.RuntimeDetection;
import org.brokecluster.node.hardware.MachineProbes;
import org.brokecluster.node.hardware.OshiHardwareProbe;
import org.brokecluster.node.pull.PullSettings;
import org.brokecluster.node.runtime.NodeRuntimeSettings;
import org.brokecluster.node.runtime.disk.ModelPlaces;
import org.brokecluster.node.runtime.mlx.MlxSearch;
import org.brokecluster.shared.config.SettingsReader;
import org.brokecluster.shared.doctor.Checkup;
import org.brokecluster.shared.doctor.Finding;
import org.brokecluster.shared.doctor.Patient;

/** Looks at this machine as one that is to run models. */
public final class NodeCheckup implements Checkup {
  private static final String FIREWALL = "/usr/libexec/ApplicationFirewall/socketfilterfw";

  @Override
  public int order() {
    return 20;
  }

  @Override
  public List<Finding> findings(Patient patient) {
    var findings = new ArrayList<Finding>();
    var reader = new SettingsReader(patient.config());
    var settings = NodeRuntimeSettings.read(reader);
    var pull = PullSettings.read(reader);
    findings.addAll(runtimes(settings, patient));
    var places = ModelPlaces.of(List.of(), patient.environment());
    var cache = pull.cache().orElse(places.caches().get(0));
    findings.addAll(ModelDiskChecks.of(cache, pull.diskReserve()));
    findings.addAll(machine(settings, patient));
    return findings;
  }

  private static List<Finding> runtimes(NodeRuntimeSettings settings, Patient patient) {
    var search = new MlxSearch(settings.mlx(), patient.environment()).look();
    var seen =
        new RuntimeChecks.Seen(
            settings.attached().stream().map(spec -> spec.kind() + "=" + spec.base()).toList(),
            settings.simulated().enabled(),
            patient.mac(),
            search.found().isPresent(),
            search.report(),
            new RuntimeDetection().look(),
            RuntimeDetection.installed(patient.environment()));
    return RuntimeChecks.of(seen, patient.serving());
  }

  private static List<Finding> machine(NodeRuntimeSettings settings, Patient patient) {
    var findings = new ArrayList<Finding>();
    var probe = MachineProbes.of(patient.mac(), patient.commands());
    var memory = new OshiHardwareProbe(settings.hardware()).probe().memoryBytes();
    MachineChecks.workingSet(probe.facts(), memory).ifPresent(findings::add);
    findings.addAll(MachineChecks.load(probe.load()));
    MachineChecks.files(files(patient)).ifPresent(findings::add);
    if (patient.mac()) {
      boolean lan = lan(patient);
      var commands = patient.commands();
      commands.run("pmset", "-g").flatMap(MacChecks::sleep).ifPresent(findings::add);
      commands
          .run(FIREWALL, "--getglobalstate")
          .flatMap(state -> MacChecks.firewall(state, lan))
          .ifPresent(findings::add);
      commands
          .run("sysctl", "-n", "kern.osproductversion")
          .flatMap(version -> MacChecks.localNetwork(version, lan))
          .ifPresent(findings::add);
    }
    return findings;
  }

  private static OptionalLong files(Patient patient) {
    var limit = patient.commands().run("sh", "-c", "ulimit -Hn").map(String::strip).orElse("");
    return limit.matches("\\d{1,18}")
        ? OptionalLong.of(Long.parseLong(limit))
        : OptionalLong.empty();
  }

  private static boolean lan(Patient patient) {
    var bind = patient.config().getString("broke.cluster.bind");
    return !bind.equals("127.0.0.1") && !bind.equals("localhost");
  }
}
