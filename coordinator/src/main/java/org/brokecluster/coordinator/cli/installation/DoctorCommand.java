package org.brokecluster.coordinator.cli.installation;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.brokecluster.coordinator.cli.client.EdgeClient;
import org.brokecluster.coordinator.cli.client.EdgeFlags;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.cli.text.Table;
import org.brokecluster.shared.cli.ExitCode;
import org.brokecluster.shared.cli.VerbException;
import org.brokecluster.shared.command.CommandRunner;
import org.brokecluster.shared.command.SystemCommands;
import org.brokecluster.shared.config.ClusterConf;
import org.brokecluster.shared.config.InvalidConfigException;
import org.brokecluster.shared.doctor.Checkup;
import org.brokecluster.shared.doctor.Finding;
import org.brokecluster.shared.doctor.Patient;
import org.brokecluster.shared.host.HostSettingsReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./broke doctor}: checks what a cluster needs and says what to do next. */
@Command(
    name = "doctor",
    description = {
      "Check this machine and the cluster, and say what to do next.",
      "",
      "  ./broke doctor",
      "",
      "Java, configuration, data folder, ports; runtimes, models, disk, memory, heat and sleep;"
          + " the cluster, the clocks of its machines and its history.",
      "",
      "Exit code 1 if something keeps the cluster from working.",
      ""
    },
    sortOptions = false)
final class DoctorCommand implements Callable<Integer> {
  private static final Duration COMMAND_MAX = Duration.ofSeconds(5);

  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    CommandRunner commands = new SystemCommands(COMMAND_MAX);
    var findings = new ArrayList<Finding>();
    findings.add(InstallationChecks.java());
    var config = configuration(findings);
    var dataDir =
        HostSettingsReader.expandHome(
            edge.dataDir().orElseGet(() -> config.getString("broke.data-dir")));
    findings.add(InstallationChecks.dataFolder(dataDir));
    var client = edge.client();
    boolean serving = client.status("/ready").filter(status -> status == 200).isPresent();
    boolean mac = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac");
    var patient = new Patient(config, dataDir, System.getenv(), commands, mac, serving);
    checkups().forEach(checkup -> findings.addAll(checkup.findings(patient)));
    findings.addAll(cluster(client, serving, config, commands));
    edge.print(json(findings), ignored -> render(findings));
    return findings.stream().anyMatch(f -> f.verdict() == Finding.Verdict.BAD)
        ? ExitCode.FAILED
        : ExitCode.OK;
  }

  private static List<Checkup> checkups() {
    return ServiceLoader.load(Checkup.class).stream()
        .map(ServiceLoader.Provider::get)
        .sorted(Comparator.comparingInt(Checkup::order))
        .toList();
  }

  /** The configuration; the defaults alone where it cannot be read, which is a finding. */
  private static Config configuration(List<Finding> findings) {
    var conf = ClusterConf.forThisProcess(Optional.empty());
    try {
      var config = conf.load(ConfigFactory.empty(), Optional.empty());
      findings.add(Finding.ok("configuration", conf.source()));
      return config;
    } catch (InvalidConfigException e) {
      findings.add(
          Finding.bad("configuration", String.join("; ", e.problems()), "mend cluster.conf"));
      return ConfigFactory.defaultReference();
    }
  }

  private static List<Finding> cluster(
      EdgeClient client, boolean serving, Config config, CommandRunner commands) {
    var findings = new ArrayList<Finding>();
    var alive = client.status("/health");
    if (alive.isEmpty()) {
      findings.add(
          Finding.note(
              "edge",
              "nothing answers at " + client.base(),
              "./broke demo to try it, ./broke up to run it; elsewhere: --port or --url"));
      findings.addAll(InstallationChecks.ports(config, commands));
      return findings;
    }
    findings.add(
        alive.get() == 200
            ? Finding.ok("edge", "answers at " + client.base())
            : Finding.bad(
                "edge",
                client.base() + "/health says HTTP " + alive.get(),
                "is this a BROKE host? Say where one is with --port or --url"));
    findings.add(
        serving
            ? Finding.ok("ready", "a model can answer")
            : Finding.bad(
                "ready", "no model can answer yet", "./broke status says what is missing"));
    findings.addAll(machines(client));
    return findings;
  }

  private static List<Finding> machines(EdgeClient client) {
    try {
      var nodes = client.get("/api/nodes");
      var findings = new ArrayList<Finding>();
      findings.add(machines(nodes));
      ClockSkew.finding(ClockSkew.measure(nodes)).ifPresent(findings::add);
      HistoryCheck.finding(client.get("/api/cluster/status")).ifPresent(findings::add);
      return findings;
    } catch (VerbException e) {
      return List.of(Finding.bad("machines", String.valueOf(e.getMessage()), ""));
    }
  }

  static Finding machines(JsonNode answer) {
    var nodes = Json.list(answer, "nodes");
    var troubled = nodes.stream().filter(node -> !Json.text(node, "state").equals("up")).toList();
    if (nodes.isEmpty()) {
      return Finding.bad("machines", "none has joined", "./broke node --join HOST on each");
    }
    return troubled.isEmpty()
        ? Finding.ok("machines", nodes.size() + " up")
        : Finding.note(
            "machines",
            troubled.stream().map(DoctorCommand::state).collect(joining(", ")),
            troubled.stream()
                .map(DoctorCommand::next)
                .filter(next -> !next.isEmpty())
                .distinct()
                .collect(joining("; ")));
  }

  private static String state(JsonNode node) {
    var away = Json.find(node, "away").map(JsonNode::asText).map(" (%s)"::formatted).orElse("");
    return Json.text(node, "name") + " is " + Json.text(node, "state") + away;
  }

  /** What brings a machine back; nothing where its owner wants it. */
  private static String next(JsonNode node) {
    if (!Json.text(node, "state").equals("draining")) {
      return "wake or restart it; it joins by itself";
    }
    boolean wanted = Json.find(node, "away").isPresent();
    return wanted ? "" : "./broke resume " + Json.text(node, "name") + " gives it work again";
  }

  private static JsonNode json(List<Finding> findings) {
    var list = Json.array();
    for (var finding : findings) {
      list.addObject()
          .put("check", finding.what())
          .put("verdict", finding.verdict().label().toLowerCase(Locale.ROOT))
          .put("detail", finding.detail())
          .put("next", finding.next());
    }
    return list;
  }

  static String render(List<Finding> findings) {
    var table = new Table("check", "", "found");
    for (var finding : findings) {
      table.row(finding.what(), finding.verdict().label(), finding.detail());
      if (!finding.next().isEmpty()) {
        table.row("", "", "-> " + finding.next());
      }
    }
    return table.render();
  }
}
