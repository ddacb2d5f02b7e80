package org.brokecluster.coordinator.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.brokecluster.shared.cli.ExitCode;
import org.brokecluster.shared.cli.Overrides;
import org.brokecluster.shared.cli.VerbException;
import org.brokecluster.shared.config.ClusterConf;
import org.brokecluster.shared.config.InvalidConfigException;
import org.brokecluster.shared.host.HostSettingsReader;
import org.brokecluster.shared.host.StartException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./broke demo}: a cluster of simulated Macs on this machine. */
@Command(
    name = "demo",
    description = {
      "Try it: a coordinator and three simulated Macs as processes on this machine.",
      "",
      "  studio-m2   64 GB, premium, balanced and basic models in memory",
      "  studio-m1   32 GB, balanced and basic in memory, premium on disk",
      "  mini-m1     16 GB, a basic model",
      "",
      "Nothing is downloaded and nothing leaves this machine. Kill one of them (-9) and see"
          + " that the cluster goes on.",
      ""
    },
    sortOptions = false)
final class DemoCommand implements Callable<Integer> {
  private static final int PORT_MAX = 65_535;

  @Spec private CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "HTTP port. Default: ${DEFAULT-VALUE}.")
  private int port = 8000;

  @Option(
      names = "--data-dir",
      paramLabel = "FOLDER",
      description = {"Where the processes keep what they keep.", "Default: ${DEFAULT-VALUE}."})
  private String dataDir = "~/.broke/demo";

  @Option(
      names = "--time-scale",
      paramLabel = "X",
      description = "How many times faster than real Macs they work. Default: ${DEFAULT-VALUE}.")
  private double timeScale = 1;

  @Option(
      names = "-D",
      paramLabel = "KEY=VALUE",
      description = "Any key of cluster.conf, for every process.")
  private Map<String, String> overrides = new LinkedHashMap<>();

  /** What the hosts will read, so that the demo may look at them with one of their keys. */
  private Optional<DemoKey> key() {
    try {
      var config =
          ClusterConf.forThisProcess(Optional.empty())
              .load(Overrides.read(overrides), Optional.empty());
      return DemoKey.of(
          config,
          Optional.ofNullable(System.getenv("BROKE_API_KEY")).filter(key -> !key.isBlank()));
    } catch (InvalidConfigException e) {
      throw VerbException.failed(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    if (port < 1 || port > PORT_MAX) {
      throw VerbException.misuse("--port must be within 1 and " + PORT_MAX + ", is " + port);
    }
    if (!(timeScale > 0)) {
      throw VerbException.misuse("--time-scale must be above 0, is " + timeScale);
    }
    var hostArguments = new ArrayList<String>();
    overrides.forEach((key, value) -> hostArguments.addAll(List.of("-D", key + "=" + value)));
    var settings =
        new DemoSettings(
            port, HostSettingsReader.expandHome(dataDir), timeScale, hostArguments, key());
    try {
      new Demo(settings, spec.commandLine().getOut()).run();
      return ExitCode.OK;
    } catch (StartException | IOException e) {
      throw VerbException.failed(String.valueOf(e.getMessage()));
    }
  }
}
