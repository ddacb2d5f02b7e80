package org.brokecluster.shared.host;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.brokecluster.shared.config.InvalidConfigException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows {@code cluster.conf} while the host runs. A changed file is loaded with all its checks
 * once it has been the same twice, because editors write in steps. A file that cannot be used
 * changes nothing; why, is in the log and in {@link #trouble()}.
 *
 * <p>{@link #look} belongs to one thread, which reads the file; the rest may be called from
 * anywhere.
 */
public final class ConfigWatch {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigWatch.class);
  private static final String MISSING = "";

  private final Path file;
  private final Config started;
  private final Loader loader;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private String dealtWith;
  private String seen = MISSING;
  private boolean unreadable;
  private volatile @Nullable String trouble;

  /** Loads and checks the whole configuration. */
  public interface Loader {
    /**
     * The configuration as a start would read it now.
     *
     * @throws InvalidConfigException with every problem
     */
    Config load() throws InvalidConfigException;
  }

  private record Listener(List<String> keys, Consumer<Config> action) {
    boolean takes(String key) {
      return keys.stream().anyMatch(each -> key.equals(each) || key.startsWith(each + "."));
    }
  }

  /**
   * Begins with the file as it is.
   *
   * @param started the configuration the host was started with
   */
  public ConfigWatch(Path file, Config started, Loader loader) {
    this.file = file;
    this.started = started;
    this.loader = loader;
    this.dealtWith = content();
    this.seen = dealtWith;
  }

  /**
   * Calls the listener with each new configuration that can be used.
   *
   * @param keys keys and sections the listener takes over at once; others wait for a restart
   */
  public void onChange(List<String> keys, Consumer<Config> listener) {
    listeners.add(new Listener(List.copyOf(keys), listener));
  }

  /** Why the file is not in force, or which of its keys are not; empty if all is. */
  public Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  /** Looks at the file once. */
  void look() {
    var now = content();
    boolean settled = now.equals(seen);
    seen = now;
    if (!settled || now.equals(dealtWith)) {
      return;
    }
    dealtWith = now;
    if (now.equals(MISSING)) {
      refuse(file + " is gone or empty; what it said stays in force");
    } else {
      load();
    }
  }

  private void load() {
    try {
      var config = loader.load();
      listeners.forEach(listener -> listener.action().accept(config));
      var waiting = waitingForRestart(config);
      trouble =
          waiting.isEmpty()
              ? null
              : "changed in " + file + ", in force after a restart: " + String.join(", ", waiting);
      LOG.info(
          "the configuration was read again: file={}{}",
          file,
          waiting.isEmpty() ? "" : " waiting-for-restart=" + waiting);
    } catch (InvalidConfigException e) {
      refuse("the changed configuration is not used: " + e.getMessage());
    }
  }

  private void refuse(String why) {
    trouble = why;
    LOG.warn("{}", why);
  }

  private List<String> waitingForRestart(Config config) {
    var before = values(started);
    var after = values(config);
    var keys = new TreeSet<>(before.keySet());
    keys.addAll(after.keySet());
    var waiting = new ArrayList<String>();
    for (var key : keys) {
      if (!Objects.equals(before.get(key), after.get(key))
          && listeners.stream().noneMatch(listener -> listener.takes(key))) {
        waiting.add(key);
      }
    }
    return waiting;
  }

  private static Map<String, Object> values(Config config) {
    var values = new HashMap<String, Object>();
    for (Map.Entry<String, ConfigValue> each : config.withOnlyPath("broke").entrySet()) {
      values.put(each.getKey(), each.getValue().unwrapped());
    }
    return values;
  }

  private String content() {
    try {
      var text = Files.readString(file, StandardCharsets.UTF_8);
      unreadable = false;
      return text;
    } catch (NoSuchFileException e) {
      return MISSING;
    } catch (IOException e) {
      if (!unreadable) {
        unreadable = true;
        LOG.warn("cannot look at the configuration for now: {}", e.toString());
      }
      return seen;
    }
  }
}
