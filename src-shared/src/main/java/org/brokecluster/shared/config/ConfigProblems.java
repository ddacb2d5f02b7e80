package org.brokecluster.shared.config;

import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Gathers what is wrong with a configuration from everyone who reads a part of it, so that the user
 * mends all of it at once. The first problem of a key is kept, later ones of the same key are
 * consequences. Not thread safe: used once, at start.
 */
public final class ConfigProblems {
  private final Map<String, String> byKey = new LinkedHashMap<>();

  /** Adds one problem. */
  public void add(String key, String message) {
    byKey.putIfAbsent(key, message);
  }

  /** Adds problems in the form {@code key: message}, as {@link SettingsReader} gives them. */
  public void addAll(List<String> problems) {
    for (var problem : problems) {
      int colon = problem.indexOf(": ");
      if (colon < 0) {
        add(problem, "is wrong");
      } else {
        add(problem.substring(0, colon), problem.substring(colon + 2));
      }
    }
  }

  /** Lets settings read what they need, and keeps what they find wrong. */
  public void reading(Config config, Consumer<SettingsReader> settings) {
    var reader = new SettingsReader(config);
    settings.accept(reader);
    addAll(reader.problems());
  }

  /** Every problem in the order found, as {@code key: message}. */
  public List<String> list() {
    var list = new ArrayList<String>();
    byKey.forEach((key, message) -> list.add(key + ": " + message));
    return List.copyOf(list);
  }

  /**
   * Does nothing if all is well.
   *
   * @param source what was read, such as the path of {@code cluster.conf}
   * @throws InvalidConfigException with every problem
   */
  public void throwIfAny(String source) throws InvalidConfigException {
    if (!byKey.isEmpty()) {
      throw new InvalidConfigException(list(), format(source));
    }
  }

  private String format(String source) {
    var text = new StringBuilder("the configuration cannot be used: ");
    text.append(byKey.size() == 1 ? "1 problem" : byKey.size() + " problems");
    text.append(" (").append(source).append(')');
    byKey.forEach(
        (key, message) ->
            text.append(System.lineSeparator())
                .append("  ")
                .append(key)
                .append(": ")
                .append(message));
    return text.append(System.lineSeparator())
        .append("Keys and their meaning: docs/configuration.md")
        .toString();
  }
}
