package org.brokecluster.coordinator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.brokecluster.shared.cli.ExitCode;
import org.brokecluster.shared.cli.VerbException;
import org.brokecluster.shared.config.ClusterConf;
import org.brokecluster.shared.config.InvalidConfigException;
import org.brokecluster.shared.host.HostSettingsReader;
import org.brokecluster.shared.host.PortProbe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./broke doctor}: checks what a cluster needs and says what to do next. */
@Command(
    name = "doctor",
    description = {
      "Check Java, configuration, data folder, ports and the cluster; say what to do next.",
      "",
      "Exit code 1 if something keeps the cluster from working.",
      ""
    },
    sortOptions = false)
final class DoctorCommand implements Callable<Integer> {
  private static final int JAVA_MIN = 17;
  private static final int CLUSTER_PORT = 25520;
  private static final long FREE_BYTES_MIN = 1_000_000_000L;

  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    var findings = new ArrayList<Finding>();
    findings.add(java());
    findings.add(configuration());
    findings.add(dataFolder(HostSettingsReader.expandHome("~/.broke")));
    findings.addAll(cluster());
    edge.print(json(findings), ignored -> render(findings));
    return findings.stream().anyMatch(f -> f.verdict() == Finding.Verdict.BAD)
        ? ExitCode.FAILED
        : ExitCode.OK;
  }

  private static Finding java() {
    var version = Runtime.version().feature();
    var detail = "Java " + version + " at " + System.getProperty("java.home");
    return version >= JAVA_MIN
        ? Finding.ok("java", detail)
        : Finding.bad("java", detail, "install a JDK of version 17 or later");
  }

  private static Finding configuration() {
    var conf = ClusterConf.forThisProcess(Optional.empty());
    try {
      conf.load(ConfigFactory.empty(), Optional.empty());
      return Finding.ok("configuration", conf.source());
    } catch (InvalidConfigException e) {
      return Finding.bad("configuration", String.join("; ", e.problems()), "mend cluster.conf");
    }
  }

  static Finding dataFolder(Path folder) {
    try {
      var existing = folder;
      while (!Files.exists(existing) && existing.getParent() != null) {
        existing = existing.getParent();
      }
      if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
        return Finding.bad(
            "data folder", folder + " cannot be written", "choose another with --data-dir");
      }
      long free = Files.getFileStore(existing).getUsableSpace();
      var detail = folder + ", " + Figures.bytes(free) + " free";
      return free >= FREE_BYTES_MIN
          ? Finding.ok("data folder", detail)
          : Finding.note(
              "data folder", detail, "make room: the history needs about 400 bytes an event");
    } catch (IOException e) {
      return Finding.bad("data folder", folder + ": " + e, "choose another with --data-dir");
    }
  }

  private List<Finding> cluster() {
    var findings = new ArrayList<Finding>();
    var client = edge.client();
    var alive = client.status("/health");
    if (alive.isEmpty()) {
      findings.add(
          Finding.note(
              "edge",
              "nothing answers at " + client.base(),
              "./broke demo to try it, ./broke up to run it; elsewhere: --port or --url"));
      findings.add(port());
      return findings;
    }
    findings.add(
        alive.get() == 200
            ? Finding.ok("edge", "answers at " + client.base())
            : Finding.bad(
                "edge",
                client.base() + "/health says HTTP " + alive.get(),
                "is this a BROKE host? Say where one is with --port or --url"));
    findings.add(ready(client));
    findings.add(machines(client));
    return findings;
  }

  private static Finding port() {
    var probe = new PortProbe("127.0.0.1", CLUSTER_PORT);
    return probe.taken()
        ? Finding.note(
            "cluster port", CLUSTER_PORT + " is taken", "choose another with --cluster-port")
        : Finding.ok("cluster port", CLUSTER_PORT + " is free");
  }

  private static Finding ready(EdgeClient client) {
    return client.status("/ready").filter(status -> status == 200).isPresent()
        ? Finding.ok("ready", "a model can answer")
        : Finding.bad("ready", "no model can answer yet", "./broke status says what is missing");
  }

  private static Finding machines(EdgeClient client) {
    try {
      return machines(client.get("/api/nodes"));
    } catch (VerbException e) {
      return Finding.bad("machines", String.valueOf(e.getMessage()), "");
    }
  }

  static Finding machines(JsonNode answer) {
    var nodes = Json.list(answer, "nodes");
    var troubled =
        nodes.stream()
            .filter(node -> !Json.text(node, "state").equals("up"))
            .map(node -> Json.text(node, "name") + " is " + Json.text(node, "state"))
            .toList();
    if (nodes.isEmpty()) {
      return Finding.bad("machines", "none has joined", "./broke node --join HOST on each");
    }
    return troubled.isEmpty()
        ? Finding.ok("machines", nodes.size() + " up")
        : Finding.note(
            "machines", String.join(", ", troubled), "wake or restart it; it joins by itself");
  }

  private static JsonNode json(List<Finding> findings) {
    var list = Json.array();
    for (var finding : findings) {
      list.addObject()
          .put("check", finding.what())
          .put("verdict", finding.verdict().label().toLowerCase(java.util.Locale.ROOT))
          .put("detail", finding.detail())
          .put("next", finding.next());
    }
    return list;
  }

  static String render(List<Finding> findings) {
    var table = new Table("check", "", "found", "next");
    findings.forEach(f -> table.row(f.what(), f.verdict().label(), f.detail(), f.next()));
    return table.render();
  }
}
