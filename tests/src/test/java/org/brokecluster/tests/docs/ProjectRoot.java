package org.brokecluster.tests.docs;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the files of the project, wherever the tests are run from. */
final class ProjectRoot {
  private ProjectRoot() {}

  /** A file by its path from the project's root. */
  static Path file(String path) {
    var folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("mvnw"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("not inside the project: " + Path.of("").toAbsolutePath());
      }
    }
    return folder.resolve(path);
  }
}
