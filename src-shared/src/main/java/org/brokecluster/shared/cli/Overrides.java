package org.brokecluster.shared.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.util.Map;

/** Keys of the configuration that were given on the command line with {@code -D KEY=VALUE}. */
public final class Overrides {
  private Overrides() {}

  /**
   * The keys with their values. Lists and objects are taken as they are; everything else is a text,
   * whatever it contains.
   *
   * @throws VerbException naming the first that cannot be read
   */
  public static Config read(Map<String, String> overrides) {
    var config = ConfigFactory.empty("command line");
    for (var override : overrides.entrySet()) {
      try {
        config =
            ConfigFactory.parseString(override.getKey() + " = " + hocon(override.getValue()))
                .withFallback(config);
      } catch (ConfigException e) {
        throw VerbException.misuse(
            "cannot read -D "
                + override.getKey()
                + "="
                + override.getValue()
                + ": "
                + e.getMessage());
      }
    }
    return config;
  }

  private static String hocon(String value) {
    return value.startsWith("[") || value.startsWith("{")
        ? value
        : ConfigValueFactory.fromAnyRef(value).render();
  }
}
