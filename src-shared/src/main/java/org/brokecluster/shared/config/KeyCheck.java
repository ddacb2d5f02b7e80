package org.brokecluster.shared.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Compares what a user wrote with the defaults: a key that no default has does not exist. Sections
 * whose default is empty, and those named under {@code broke.open-sections}, hold names the user
 * chooses and are not looked into. Pure.
 */
public final class KeyCheck {
  static final String ROOT = "broke";
  static final String OPEN_SECTIONS = "broke.open-sections";

  private final Config reference;
  private final Set<String> open;
  private final List<String> knownKeys = new ArrayList<>();

  KeyCheck(Config reference) {
    this.reference = reference;
    this.open =
        reference.hasPath(OPEN_SECTIONS)
            ? new HashSet<>(
                reference.getObject(OPEN_SECTIONS).unwrapped().values().stream()
                    .map(String::valueOf)
                    .toList())
            : Set.of();
    if (reference.hasPath(ROOT)) {
      collect(ROOT, reference.getObject(ROOT));
    }
  }

  /** What is wrong with the keys that somebody wrote, by the defaults of all modules here. */
  public static List<String> problems(Config written) {
    var problems = new ConfigProblems();
    new KeyCheck(ConfigFactory.defaultReference()).check(written, problems);
    return problems.list();
  }

  /** Adds a problem for each key of ours that does not exist or has the wrong shape. */
  void check(Config written, ConfigProblems problems) {
    for (var top : written.root().keySet()) {
      var key = ConfigUtil.joinPath(top);
      if (!reference.root().containsKey(top)) {
        problems.add(key, "there is no such section" + hint(key, written.root().get(top)));
      }
    }
    if (written.root().get(ROOT) instanceof ConfigObject ours) {
      check(ROOT, ours, problems);
    }
  }

  /** Every key that has a default, sorted. */
  List<String> knownKeys() {
    return knownKeys.stream().sorted().toList();
  }

  private void check(String section, ConfigObject written, ConfigProblems problems) {
    for (var entry : written.entrySet()) {
      var key = section + "." + ConfigUtil.joinPath(entry.getKey());
      if (!reference.hasPathOrNull(key)) {
        problems.add(key, "there is no such key" + hint(key, entry.getValue()));
        continue;
      }
      var known = reference.getConfig(section).root().get(entry.getKey());
      var problem = shapeProblem(known, entry.getValue());
      if (!problem.isEmpty()) {
        problems.add(key, problem + place(entry.getValue()));
      } else if (entry.getValue() instanceof ConfigObject inner && !isOpen(key, known)) {
        check(key, inner, problems);
      }
    }
  }

  private static String shapeProblem(ConfigValue known, ConfigValue written) {
    var wanted = shape(known.valueType());
    var found = shape(written.valueType());
    if (written.valueType() == ConfigValueType.NULL) {
      return "has no value";
    }
    return known.valueType() == ConfigValueType.NULL || wanted.equals(found)
        ? ""
        : "must be " + wanted + ", is " + found;
  }

  private static String shape(ConfigValueType type) {
    return switch (type) {
      case OBJECT -> "a section { … }";
      case LIST -> "a list [ … ]";
      case NUMBER, BOOLEAN, NULL, STRING -> "a single value";
    };
  }

  private boolean isOpen(String key, ConfigValue known) {
    return open.contains(key) || (known instanceof ConfigObject section && section.isEmpty());
  }

  private void collect(String section, ConfigObject values) {
    for (var entry : values.entrySet()) {
      var key = section + "." + ConfigUtil.joinPath(entry.getKey());
      knownKeys.add(key);
      if (entry.getValue() instanceof ConfigObject inner && !isOpen(key, inner)) {
        collect(key, inner);
      }
    }
  }

  /** The most similar existing key, if it is similar enough to be meant, and the place. */
  private String hint(String key, ConfigValue value) {
    var nearest =
        knownKeys.stream()
            .min(
                Comparator.comparingInt((String known) -> EditDistance.between(key, known))
                    .thenComparing(Comparator.naturalOrder()))
            .filter(known -> EditDistance.between(key, known) <= Math.max(2, key.length() / 5))
            .map(known -> "; did you mean " + known + "?")
            .orElse("");
    return nearest + place(value);
  }

  private static String place(ConfigValue value) {
    return " (" + value.origin().description() + ")";
  }
}
