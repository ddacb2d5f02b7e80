package org.brokecluster.node.hardware;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Outputs of other machines' commands; the first line of each file names where it comes from. */
public final class Fixtures {
  static final String SOURCE = "# source: ";

  private Fixtures() {}

  /** An output without the line that names its source. */
  public static String read(String name) {
    var text = whole(folder().resolve(name));
    return text.substring(text.indexOf('\n') + 1);
  }

  static List<Path> all() {
    try (var files = Files.list(folder())) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String whole(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder() {
    try {
      return Path.of(Fixtures.class.getResource("macos/vm-stat.txt").toURI()).getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
