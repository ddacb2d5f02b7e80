package org.brokecluster.coordinator.demo;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the demo was asked to be.
 *
 * @param port HTTP port of the coordinator's edge
 * @param dataDir folder with one sub-folder for each process
 * @param timeScale how many times faster than real Macs the simulated ones work
 * @param hostArguments further arguments for every host, such as {@code -D key=value}
 * @param key a key the edges ask for, if they ask for one
 */
record DemoSettings(
    int port, Path dataDir, double timeScale, List<String> hostArguments, Optional<DemoKey> key) {
  DemoSettings {
    hostArguments = List.copyOf(hostArguments);
  }

  /** The key itself. */
  Optional<String> apiKey() {
    return key.map(DemoKey::value);
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }
}
