package org.brokecluster.shared.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Environment variables as configuration: each key has one, its own name in capitals with every
 * other character as an underscore, so {@code broke.http.port} is {@code BROKE_HTTP_PORT}. Lists
 * are written with commas or in HOCON. Pure.
 */
final class EnvironmentKeys {
  private EnvironmentKeys() {}

  /** Name of the variable that overrides this key. */
  static String variable(String key) {
    return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }

  /** The values the environment sets for these keys; sections cannot be set as a whole. */
  static Config read(
      List<String> keys, Config reference, Map<String, String> environment, ConfigProblems bad) {
    var config = ConfigFactory.empty("environment");
    for (var key : keys) {
      var name = variable(key);
      var text = environment.get(name);
      if (text == null || typeOf(reference, key) == ConfigValueType.OBJECT) {
        continue;
      }
      try {
        config = config.withValue(key, value(typeOf(reference, key), text, name));
      } catch (ConfigException e) {
        bad.add(key, "cannot read the environment variable " + name + ": " + e.getMessage());
      }
    }
    return config;
  }

  private static ConfigValueType typeOf(Config reference, String key) {
    return reference.hasPath(key) ? reference.getValue(key).valueType() : ConfigValueType.STRING;
  }

  private static ConfigValue value(ConfigValueType type, String text, String name) {
    var origin = "environment variable " + name;
    if (type != ConfigValueType.LIST) {
      return ConfigValueFactory.fromAnyRef(text, origin);
    }
    if (text.stripLeading().startsWith("[")) {
      return ConfigFactory.parseString("list = " + text).getValue("list");
    }
    return ConfigValueFactory.fromIterable(
        Stream.of(text.split(",")).map(String::strip).filter(part -> !part.isEmpty()).toList(),
        origin);
  }
}
