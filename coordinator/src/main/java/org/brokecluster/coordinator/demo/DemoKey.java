package org.brokecluster.coordinator.demo;

import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.Optional;

/**
 * The API key by which the demo may look at its own cluster: one of those the configuration of its
 * hosts names.
 *
 * @param value the key
 * @param known whether the verbs find it too, because it stands in the environment
 */
record DemoKey(String value, boolean known) {
  private static final String ONE = "broke.http.api-key";
  private static final String SEVERAL = "broke.http.api-keys";

  /**
   * The key, or nothing if none is asked for.
   *
   * @param config configuration of the hosts
   * @param environment value of {@code BROKE_API_KEY}, if it is set
   */
  static Optional<DemoKey> of(Config config, Optional<String> environment) {
    var keys = new ArrayList<>(config.getStringList(SEVERAL));
    if (config.hasPath(ONE)) {
      keys.add(config.getString(ONE));
    }
    keys.removeIf(String::isBlank);
    if (environment.filter(keys::contains).isPresent()) {
      return environment.map(key -> new DemoKey(key, true));
    }
    return keys.stream().findFirst().map(key -> new DemoKey(key, false));
  }

  /** Never shows the key. */
  @Override
  public String toString() {
    return "DemoKey[known=" + known + "]";
  }
}
