package org.brokecluster.shared.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Reads typed, bounded values by their full key and remembers every problem instead of stopping at
 * the first. A value that cannot be read is replaced by the nearest allowed one, so that reading
 * can go on; nobody may use what was read while {@link #problems()} is not empty.
 *
 * <p>Not thread safe: used once, at start.
 */
public final class SettingsReader {
  private final Config root;
  private final List<String> problems = new ArrayList<>();

  /** Reads from a resolved configuration that includes all defaults. */
  public SettingsReader(Config root) {
    this.root = root;
  }

  /** What is wrong so far, each with its full key; empty if all is well. */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  /** Records a problem found by the caller. */
  public void problem(String key, String message) {
    problems.add(key + ": " + message);
  }

  /** A whole number within {@code min} and {@code max}, both included. */
  public int integer(String key, int min, int max) {
    int value = read(key, root::getInt, min);
    return inRange(key, value, min, max, Integer::compare);
  }

  /** A number within {@code min} and {@code max}, both included. */
  public double number(String key, double min, double max) {
    double value = read(key, root::getDouble, min);
    return inRange(key, value, min, max, Double::compare);
  }

  /** A size such as {@code 32MiB}, in bytes. */
  public long bytes(String key, long min, long max) {
    long value = read(key, root::getBytes, min);
    return inRange(key, value, min, max, Long::compare);
  }

  /** A time such as {@code 500ms}. */
  public Duration duration(String key, Duration min, Duration max) {
    var value = read(key, root::getDuration, min);
    return inRange(key, value, min, max, Duration::compareTo);
  }

  /** {@code true} or {@code false}. */
  public boolean flag(String key) {
    return read(key, root::getBoolean, false);
  }

  /** A text that is not blank. */
  public String text(String key) {
    var value = read(key, root::getString, "?");
    if (value.isBlank()) {
      problem(key, "must not be empty");
      return "?";
    }
    return value;
  }

  /** A text, or nothing where it is empty. */
  public Optional<String> optionalText(String key) {
    return Optional.of(read(key, root::getString, "")).filter(text -> !text.isBlank());
  }

  /** A list of texts. */
  public List<String> texts(String key) {
    return List.copyOf(read(key, root::getStringList, List.<String>of()));
  }

  /** One of the given texts. */
  public String oneOf(String key, Set<String> allowed) {
    var value = read(key, root::getString, "");
    if (!allowed.contains(value)) {
      problem(key, "must be one of " + new TreeSet<>(allowed) + ", is \"" + value + "\"");
      return allowed.iterator().next();
    }
    return value;
  }

  /** Names of the entries of a section, sorted; empty where the section is missing. */
  public Set<String> entries(String key) {
    if (!root.hasPath(key)) {
      return Set.of();
    }
    return new TreeSet<>(read(key, path -> root.getObject(path).keySet(), Set.<String>of()));
  }

  /** Objects of a list, each as a configuration of its own. */
  public List<? extends Config> configs(String key) {
    return read(key, root::getConfigList, List.<Config>of());
  }

  /** Parses a text with a function that throws {@code IllegalArgumentException} if it is wrong. */
  public <T> T parsed(String key, Function<String, T> parser, T ifWrong) {
    try {
      return parser.apply(read(key, root::getString, ""));
    } catch (IllegalArgumentException e) {
      problem(key, String.valueOf(e.getMessage()));
      return ifWrong;
    }
  }

  private <T> T read(String key, Function<String, T> getter, T ifWrong) {
    try {
      return getter.apply(key);
    } catch (ConfigException e) {
      problem(key, e.getMessage() == null ? "cannot be read" : e.getMessage());
      return ifWrong;
    }
  }

  private <T> T inRange(String key, T value, T min, T max, java.util.Comparator<T> order) {
    if (order.compare(value, min) < 0 || order.compare(value, max) > 0) {
      problem(key, "must be within " + min + " and " + max + ", is " + value);
      return min;
    }
    return value;
  }
}
