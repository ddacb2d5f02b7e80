package org.brokecluster.node.runtime.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the folders of models. Looks at names only; blocks on the disk; bounded. */
public final class ModelFinder {
  private static final Logger LOG = LoggerFactory.getLogger(ModelFinder.class);
  private static final int ENTRIES_MAX = 10_000;
  private static final int DEPTH_MAX = 3;
  private static final int REVISION_FILE_MAX = 200;
  private static final String PREFIX = "models--";
  private static final Pattern REVISION = Pattern.compile("[0-9A-Za-z][0-9A-Za-z._-]{0,99}");
  private static final Pattern NAME = Pattern.compile("[\\x21-\\x7e]{1,200}");

  private final ModelPlaces places;

  /** A finder for these places. */
  public ModelFinder(ModelPlaces places) {
    this.places = places;
  }

  /** Every model's folder, one for each name; the first place wins. */
  public List<ModelFolder> find() {
    var found = new LinkedHashMap<String, ModelFolder>();
    for (var cache : places.caches()) {
      cache(cache, found);
    }
    for (var folder : places.folders()) {
      walk(folder, "", 0, found);
    }
    return List.copyOf(found.values());
  }

  private void cache(Path cache, Map<String, ModelFolder> found) {
    for (var entry : list(cache)) {
      var file = entry.getFileName().toString();
      if (file.startsWith(PREFIX) && Files.isDirectory(entry)) {
        add(cached(entry, file.substring(PREFIX.length()).replace("--", "/")), found);
      }
    }
  }

  /** The revision that {@code main} names, or else the latest one. */
  private static ModelFolder cached(Path entry, String name) {
    var snapshots = entry.resolve("snapshots");
    var chosen =
        revision(entry.resolve("refs").resolve("main"))
            .map(snapshots::resolve)
            .filter(Files::isDirectory)
            .or(() -> latest(snapshots))
            .orElse(snapshots);
    return new ModelFolder(name, chosen, Optional.of(entry));
  }

  private static Optional<String> revision(Path file) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > REVISION_FILE_MAX) {
        return Optional.empty();
      }
      return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1).strip())
          .filter(text -> REVISION.matcher(text).matches());
    } catch (IOException e) {
      LOG.debug("cannot read the revision of a model: file={}", file, e);
      return Optional.empty();
    }
  }

  private static Optional<Path> latest(Path snapshots) {
    return list(snapshots).stream()
        .filter(Files::isDirectory)
        .max(Comparator.comparingLong(ModelFinder::modified));
  }

  private static long modified(Path path) {
    try {
      return Files.getLastModifiedTime(path).toMillis();
    } catch (IOException e) {
      return 0;
    }
  }

  /** A folder somebody named: a cache, one model, or folders with models somewhere below. */
  private void walk(Path folder, String name, int depth, Map<String, ModelFolder> found) {
    if (Files.isRegularFile(folder.resolve("config.json"))) {
      var own = name.isEmpty() ? folder.getFileName().toString() : name;
      add(new ModelFolder(own, folder, Optional.empty()), found);
      return;
    }
    var entries = list(folder);
    if (entries.stream().anyMatch(e -> e.getFileName().toString().startsWith(PREFIX))) {
      cache(folder, found);
      return;
    }
    if (depth >= DEPTH_MAX) {
      return;
    }
    for (var entry : entries) {
      var file = entry.getFileName().toString();
      boolean loop = Files.isSymbolicLink(entry) && depth > 0 && pointsUp(entry, folder);
      if (!file.startsWith(".") && Files.isDirectory(entry) && !loop) {
        walk(entry, name.isEmpty() ? file : name + "/" + file, depth + 1, found);
      }
    }
  }

  private static boolean pointsUp(Path link, Path folder) {
    try {
      return folder.toRealPath().startsWith(link.toRealPath());
    } catch (IOException e) {
      return true;
    }
  }

  private static void add(ModelFolder model, Map<String, ModelFolder> found) {
    if (NAME.matcher(model.name()).matches() && found.size() < ENTRIES_MAX) {
      found.putIfAbsent(model.name(), model);
    }
  }

  /** Entries of a folder by name; none if it cannot be read. */
  static List<Path> list(Path folder) {
    if (!Files.isDirectory(folder, new LinkOption[0])) {
      return List.of();
    }
    var entries = new ArrayList<Path>();
    try (var stream = Files.newDirectoryStream(folder)) {
      for (var entry : stream) {
        if (entries.size() >= ENTRIES_MAX) {
          break;
        }
        entries.add(entry);
      }
    } catch (IOException | DirectoryIteratorException | UncheckedIOException e) {
      LOG.debug("cannot list a folder of models: folder={}", folder, e);
    }
    entries.sort(Comparator.naturalOrder());
    return entries;
  }
}
