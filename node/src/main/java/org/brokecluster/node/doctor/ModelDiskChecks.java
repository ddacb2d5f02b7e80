package org.brokecluster.node.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.brokecluster.shared.doctor.Finding;

/** Looks at the folder where models are kept. Blocks on the disk. */
final class ModelDiskChecks {
  private static final double GB = 1e9;
  private static final long ROOM_MIN = 10_000_000_000L;

  private ModelDiskChecks() {}

  /**
   * The folder and the space there.
   *
   * @param reserve space that a pull leaves free, in bytes
   */
  static List<Finding> of(Path cache, long reserve) {
    var findings = new ArrayList<Finding>();
    if (Files.exists(cache) && !(Files.isDirectory(cache) && readable(cache))) {
      findings.add(
          Finding.bad(
              "model cache",
              cache + " cannot be read",
              "give it back to yourself: sudo chown -R \"$USER\" \"" + cache + "\""));
      return findings;
    }
    findings.add(
        Files.exists(cache)
            ? writable(cache)
            : Finding.note("model cache", cache + " does not exist yet", "./broke pull makes it"));
    findings.add(space(cache, reserve));
    return findings;
  }

  private static boolean readable(Path cache) {
    try (var entries = Files.list(cache)) {
      return Files.isReadable(cache) && entries.limit(1).count() >= 0;
    } catch (IOException e) {
      return false; // That it cannot be read is what was asked.
    }
  }

  private static Finding writable(Path cache) {
    return Files.isWritable(cache)
        ? Finding.ok("model cache", cache.toString())
        : Finding.note(
            "model cache",
            cache + " cannot be written",
            "models there can be served, but ./broke pull fails: sudo chown -R \"$USER\" \""
                + cache
                + "\"");
  }

  private static Finding space(Path cache, long reserve) {
    var existing = cache;
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    try {
      long free = Files.getFileStore(existing).getUsableSpace();
      var detail = String.format(Locale.ROOT, "%.1f GB free for models", free / GB);
      if (free <= reserve) {
        return Finding.bad("disk", detail, "make room: models you no longer need are in " + cache);
      }
      return free - reserve >= ROOM_MIN
          ? Finding.ok("disk", detail)
          : Finding.note("disk", detail, "too little for most models: make room in " + cache);
    } catch (IOException e) {
      return Finding.note("disk", "cannot tell how full it is: " + e, "");
    }
  }
}
