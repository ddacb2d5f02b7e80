package org.brokecluster.node.runtime.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What was read of folders of models, kept as long as their files stay the same: names, sizes and
 * times are looked at on every scan, heads of large files only once. Not thread safe; holds no more
 * than the folders of the last scan.
 */
public final class FolderCache {
  private record Entry(long mark, MlxModelFolder model) {}

  private Map<Path, Entry> known = new HashMap<>();

  /** Reads the folders, as far as they are new. Blocks on the disk. */
  public List<MlxModelFolder> read(List<ModelFolder> folders) {
    var now = new HashMap<Path, Entry>();
    var models = new ArrayList<MlxModelFolder>();
    for (var folder : folders) {
      long mark = mark(folder);
      var before = known.get(folder.path());
      boolean same =
          before != null && before.mark() == mark && before.model().folder().equals(folder);
      var entry = same ? before : new Entry(mark, MlxModelFolder.read(folder));
      now.put(folder.path(), entry);
      models.add(entry.model());
    }
    known = now;
    return models;
  }

  private static long mark(ModelFolder folder) {
    long mark = 17;
    for (var file : ModelFinder.list(folder.path())) {
      mark = 31 * mark + Objects.hash(file.getFileName().toString(), state(file));
    }
    for (var blob :
        folder.cache().map(c -> ModelFinder.list(c.resolve("blobs"))).orElse(List.of())) {
      mark = 31 * mark + blob.getFileName().hashCode();
    }
    return mark;
  }

  /** Size and time behind a link; something else for one that leads nowhere. */
  private static String state(Path file) {
    try {
      return Files.isRegularFile(file)
          ? Files.size(file) + "@" + Files.getLastModifiedTime(file).toMillis()
          : "none";
    } catch (IOException e) {
      return "none";
    }
  }
}
