package org.brokecluster.node.runtime.testserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What a test server does wrong. Read from a file again and again, so that a test can change its
 * mind while the server runs in a process of its own: one {@code name} or {@code name=value} in
 * each line.
 */
public final class Quirks {
  private final Path file;

  public Quirks(Path file) {
    this.file = file;
  }

  /** Replaces all quirks, at once for whoever reads. */
  public void set(String... lines) throws IOException {
    var next = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(next, String.join("\n", lines));
    Files.move(
        next,
        file,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING,
        java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  /** Whether the server has this quirk now. */
  public boolean has(String name) {
    return all().containsKey(name);
  }

  /** Its value, or this if it has none. */
  public int number(String name, int otherwise) {
    var value = all().get(name);
    return value == null || value.isEmpty() ? otherwise : Integer.parseInt(value);
  }

  private Map<String, String> all() {
    var quirks = new HashMap<String, String>();
    try {
      if (Files.exists(file)) {
        for (var line : Files.readAllLines(file)) {
          var parts = line.strip().split("=", 2);
          quirks.put(parts[0], parts.length > 1 ? parts[1] : "");
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return quirks;
  }
}
