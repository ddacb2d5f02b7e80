package org.brokecluster.node.runtime.disk;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Finds GGUF files: in folders, in a Hugging Face cache, and where the operator points. Bounded.
 */
public final class GgufFinder {
  private static final int FILES_MAX = 5_000;
  private static final int DEPTH_MAX = 4;
  private static final String SUFFIX = ".gguf";
  private static final String CACHED = "models--";
  private static final Pattern LATER_PART = Pattern.compile("-(\\d{5})-of-\\d{5}\\.gguf$");
  private static final Pattern PART = Pattern.compile("-\\d{5}-of-\\d{5}$");
  private static final Pattern NOT_ALLOWED = Pattern.compile("[^\\x21-\\x7e]+");
  private static final String PROJECTOR = "mmproj";
  private static final String FIRST = "00001";

  private final ModelPlaces places;
  private final List<Path> named;

  /**
   * A finder for these places.
   *
   * @param named files or folders that the operator named
   */
  public GgufFinder(ModelPlaces places, List<Path> named) {
    this.places = places;
    this.named = List.copyOf(named);
  }

  /** Files by the name of their model: the file's own, without its ending. */
  public Map<String, Path> find() {
    var found = new LinkedHashMap<String, Path>();
    for (var path : named) {
      if (Files.isDirectory(path)) {
        walk(path, 0, found);
      } else {
        add(path, found);
      }
    }
    places.folders().forEach(folder -> walk(folder, 0, found));
    for (var cache : places.caches()) {
      for (var entry : ModelFinder.list(cache)) {
        if (entry.getFileName().toString().startsWith(CACHED)) {
          walk(entry.resolve("snapshots"), 1, found);
        }
      }
    }
    return found;
  }

  private static void walk(Path folder, int depth, Map<String, Path> found) {
    for (var entry : ModelFinder.list(folder)) {
      var name = entry.getFileName().toString();
      if (name.startsWith(".")) {
        continue;
      }
      if (isGguf(name)) {
        add(entry, found);
      } else if (depth < DEPTH_MAX && Files.isDirectory(entry) && !Files.isSymbolicLink(entry)) {
        walk(entry, depth + 1, found);
      }
    }
  }

  private static boolean isGguf(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith(SUFFIX);
  }

  /** The first part stands for all; what only helps to see is no model. */
  private static void add(Path file, Map<String, Path> found) {
    var name = String.valueOf(file.getFileName());
    var part = LATER_PART.matcher(name);
    boolean later = part.find() && !part.group(1).equals(FIRST);
    if (later || name.toLowerCase(Locale.ROOT).startsWith(PROJECTOR) || found.size() >= FILES_MAX) {
      return;
    }
    var stem = isGguf(name) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    var id = NOT_ALLOWED.matcher(PART.matcher(stem).replaceAll("")).replaceAll("-");
    if (!id.isEmpty() && id.length() <= 200) {
      found.putIfAbsent(id, file);
    }
  }

  /** All files of a model of which this is the first. */
  public static List<Path> parts(Path first, int count) {
    if (count == 1) {
      return List.of(first);
    }
    var name = first.getFileName().toString();
    var numbered = String.format(Locale.ROOT, "-00001-of-%05d", count);
    return java.util.stream.IntStream.rangeClosed(1, count)
        .mapToObj(i -> String.format(Locale.ROOT, "-%05d-of-%05d", i, count))
        .map(part -> first.resolveSibling(name.replace(numbered, part)))
        .toList();
  }
}
