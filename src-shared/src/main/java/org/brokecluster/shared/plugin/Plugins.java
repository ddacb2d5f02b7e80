package org.brokecluster.shared.plugin;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.slf4j.LoggerFactory;

/** What jars on the class path offer by {@link ServiceLoader}. Thread safe. */
public final class Plugins {
  private static final int MAX = 100;

  private static final ClassValue<List<?>> FOUND =
      new ClassValue<>() {
        @Override
        protected List<?> computeValue(Class<?> type) {
          return load(type);
        }
      };

  private Plugins() {}

  /**
   * Every one that can be made and has a name, at most {@value #MAX}, and the same each time; the
   * others are logged and left out.
   */
  public static <T extends Plugin> List<T> of(Class<T> type) {
    return FOUND.get(type).stream().map(type::cast).toList();
  }

  private static List<?> load(Class<?> type) {
    var found = new ArrayList<Object>();
    var each = ServiceLoader.load(type).iterator();
    for (int i = 0; i < MAX; i++) {
      try {
        if (!each.hasNext()) {
          break;
        }
        var plugin = each.next();
        if (((Plugin) plugin).name().isBlank()) {
          throw new IllegalStateException("no name: " + plugin.getClass().getName());
        }
        found.add(plugin);
      } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
        LoggerFactory.getLogger(Plugins.class)
            .warn(
                "plug-in left out, it cannot be made or has no name: type={} error={}",
                type.getName(),
                e.toString());
      }
    }
    return found;
  }
}
