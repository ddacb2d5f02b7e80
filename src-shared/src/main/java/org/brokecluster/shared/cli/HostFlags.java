package org.brokecluster.shared.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.brokecluster.shared.host.HostOptions;
import org.brokecluster.shared.host.HostVerb;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every verb that starts a host takes. */
final class HostFlags {
  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of this machine in the cluster. Default: its host name.")
  private @Nullable String name;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "HTTP port, 0 for a free one. Default: 8000.")
  private @Nullable Integer port;

  @Option(
      names = "--cluster-port",
      paramLabel = "PORT",
      description = "Port between the machines, 0 for a free one. Default: 25520.")
  private @Nullable Integer clusterPort;

  @Option(
      names = "--data-dir",
      paramLabel = "FOLDER",
      description = "Where this host keeps what it keeps. Default: ~/.broke.")
  private @Nullable String dataDir;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      description = {
        "Address of this machine that others reach it by; 127.0.0.1 works in any case. Default:",
        "127.0.0.1 alone. Any other needs --insecure-lan and an API key, until joining is secured."
      })
  private @Nullable String bind;

  @Option(
      names = "--insecure-lan",
      description = "Accept that traffic between the machines is neither encrypted nor checked.")
  private boolean insecureLan;

  @Option(
      names = "--join",
      paramLabel = "HOST[:PORT]",
      description = "A machine of the cluster to join. May be given several times.")
  private List<String> join = new ArrayList<>();

  @Option(
      names = "--runtime",
      paramLabel = "SPEC",
      description = {
        "A model server on this machine: KIND=URL[,slots=N][,tier=T]. KIND is openai (finds",
        "out what it is), mlx, llama, ollama, lmstudio, vllm, mlx-vlm, mlx-knife, transformers;",
        "llama=FILE serves a GGUF file with llama-server, gguf=FILE in this process. May be given",
        "several times; models on this disk and known servers are found without it."
      })
  private List<String> runtimes = new ArrayList<>();

  @Option(
      names = "--simulated",
      paramLabel = "PRESET",
      description = "Pretend to be a Mac with models: studio-m2, studio-m1 or mini-m1.")
  private @Nullable String simulated;

  @Option(
      names = "--time-scale",
      paramLabel = "X",
      description = "How many times faster than a real Mac the simulated one works. Default: 1.")
  private @Nullable Double timeScale;

  @Option(
      names = "--config-dir",
      paramLabel = "FOLDER",
      description = "Folder of cluster.conf. Default: BROKE_CONFIG_DIR, then the project's root.")
  private @Nullable Path configDir;

  @Option(
      names = "-D",
      paramLabel = "KEY=VALUE",
      description = "Any key of cluster.conf, such as -D broke.router.strategy=quality-first.")
  private Map<String, String> overrides = new LinkedHashMap<>();

  @Option(
      names = "--parent-pipe",
      hidden = true,
      description = "End when standard input reaches its end.")
  private boolean parentPipe;

  /** What was said, for this verb. */
  HostOptions options(HostVerb verb) {
    return new HostOptions(
        verb,
        commandLine(),
        Optional.ofNullable(configDir),
        Optional.ofNullable(simulated),
        parentPipe);
  }

  private Config commandLine() {
    var keys = new LinkedHashMap<String, Object>();
    put(keys, "broke.name", name);
    put(keys, "broke.http.port", port);
    put(keys, "broke.cluster.port", clusterPort);
    put(keys, "broke.data-dir", dataDir);
    put(keys, "broke.http.bind", bind);
    put(keys, "broke.cluster.bind", bind);
    put(keys, "broke.http.insecure-lan", insecureLan ? true : null);
    put(keys, "broke.cluster.join", join.isEmpty() ? null : join);
    put(keys, "broke.node.runtimes", runtimes.isEmpty() ? null : runtimes);
    put(keys, "broke.node.simulated.time-scale", timeScale);
    var config = ConfigFactory.empty("command line");
    for (var key : keys.entrySet()) {
      config =
          config.withValue(
              key.getKey(), ConfigValueFactory.fromAnyRef(key.getValue(), "command line"));
    }
    return Overrides.read(overrides).withFallback(config);
  }

  private static void put(Map<String, Object> keys, String key, @Nullable Object value) {
    if (value != null) {
      keys.put(key, value);
    }
  }
}
