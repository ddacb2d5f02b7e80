package org.brokecluster.node.runtime.disk;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.brokecluster.shared.config.SettingsReader;

/**
 * Folders in which models are looked for.
 *
 * @param caches folders of the Hugging Face cache, those with {@code models--OWNER--NAME} inside
 * @param folders further folders: a cache, a folder of models, of owners with models, or one model
 */
public record ModelPlaces(List<Path> caches, List<Path> folders) {
  private static final String PATHS = "broke.node.models.paths";

  /** Copies the lists. */
  public ModelPlaces {
    caches = List.copyOf(caches);
    folders = List.copyOf(folders);
  }

  /**
   * Where this user's models are: what {@code HF_HUB_CACHE} or {@code HF_HOME} say, else the usual
   * place, and what the configuration adds.
   *
   * @param environment of the node
   */
  public static ModelPlaces of(List<Path> configured, Map<String, String> environment) {
    var caches = new LinkedHashSet<Path>();
    var home = environment.getOrDefault("HOME", System.getProperty("user.home", "."));
    var hub = environment.getOrDefault("HF_HUB_CACHE", "");
    var hfHome = environment.getOrDefault("HF_HOME", "");
    if (!hub.isBlank()) {
      caches.add(expand(hub, home));
    } else if (!hfHome.isBlank()) {
      caches.add(expand(hfHome, home).resolve("hub"));
    } else {
      var base = environment.getOrDefault("XDG_CACHE_HOME", "");
      var cache = base.isBlank() ? Path.of(home, ".cache") : expand(base, home);
      caches.add(cache.resolve("huggingface").resolve("hub"));
    }
    var folders = configured.stream().map(path -> expand(path.toString(), home)).toList();
    return new ModelPlaces(List.copyOf(caches), folders);
  }

  /** Reads {@code broke.node.models.paths}. */
  public static List<Path> configured(SettingsReader reader) {
    var paths = new ArrayList<Path>();
    for (var text : reader.texts(PATHS)) {
      try {
        paths.add(Path.of(text));
      } catch (java.nio.file.InvalidPathException e) {
        reader.problem(PATHS, "not a path: " + e.getMessage());
      }
    }
    return paths;
  }

  private static Path expand(String text, String home) {
    if (text.equals("~") || text.startsWith("~/")) {
      return Path.of(home + text.substring(1)).toAbsolutePath().normalize();
    }
    return Path.of(text).toAbsolutePath().normalize();
  }
}
