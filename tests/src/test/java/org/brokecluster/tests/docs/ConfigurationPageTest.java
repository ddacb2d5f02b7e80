package org.brokecluster.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/configuration.md} is made from the {@code reference.conf} of each module. Set {@code
 * BROKE_WRITE_DOCS=true} in the environment to write it again.
 */
class ConfigurationPageTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path PAGE = ROOT.resolve("docs/configuration.md");

  private record Key(String value, String meaning) {}

  @Test
  void showsEveryKeyWithItsDefaultAndMeaning() throws IOException {
    var page = page();
    if (Boolean.parseBoolean(System.getenv("BROKE_WRITE_DOCS"))) {
      Files.writeString(PAGE, page);
    }

    assertThat(Files.readString(PAGE)).isEqualTo(page);
  }

  @Test
  void everyKeyHasAMeaning() throws IOException {
    assertThat(keys()).allSatisfy((key, what) -> assertThat(what.meaning()).as(key).isNotBlank());
  }

  private static String page() throws IOException {
    var page =
        new StringBuilder("# Configuration\n\n")
            .append("Every key with its default, made from the modules' `reference.conf`. ")
            .append("`cluster.conf` in the project's root sets what you want otherwise, in the ")
            .append(
                "form `broke.router.queue-size = 200`; `-D KEY=VALUE` on the command line wins ")
            .append("over it, and so does the environment: `BROKE_ROUTER_QUEUE_SIZE=200`. A key ")
            .append("that does not exist is an error at start, with the nearest one that does.\n");
    var section = "";
    for (var entry : keys().entrySet()) {
      var of = entry.getKey().substring(0, entry.getKey().lastIndexOf('.'));
      if (!of.equals(section)) {
        section = of;
        page.append("\n## ").append(of).append("\n\n| key | default | meaning |\n|---|---|---|\n");
      }
      page.append(
          "| `%s` | `%s` | %s |\n"
              .formatted(
                  entry.getKey(),
                  entry.getValue().value().replace("|", "\\|"),
                  entry.getValue().meaning().replace("|", "\\|")));
    }
    return page.toString();
  }

  private static Map<String, Key> keys() throws IOException {
    var all = new TreeMap<String, Key>(ConfigurationPageTest::bySection);
    for (var module : List.of("src-shared", "node", "coordinator")) {
      read(Files.readAllLines(ROOT.resolve(module + "/src/main/resources/reference.conf")), all);
    }
    return all;
  }

  /** Keys of a section before those of its sub-sections. */
  private static int bySection(String left, String right) {
    var leftSection = left.substring(0, left.lastIndexOf('.'));
    var rightSection = right.substring(0, right.lastIndexOf('.'));
    int order = leftSection.compareTo(rightSection);
    return order != 0 ? order : left.compareTo(right);
  }

  /** Reads the plain style our defaults are written in: one key a line, its meaning above it. */
  private static void read(List<String> lines, Map<String, Key> keys) {
    var path = new ArrayDeque<String>();
    var comment = new ArrayList<String>();
    var meaning = "";
    for (var raw : lines) {
      var line = raw.strip();
      int equals = line.indexOf('=');
      if (line.startsWith("#")) {
        comment.add(line.substring(1).strip());
        continue;
      } else if (line.equals("}") || line.equals("]")) {
        path.removeLast();
      } else if (line.endsWith("{") && equals < 0) {
        path.addLast(line.substring(0, line.length() - 1).strip());
      } else if (line.endsWith("[") && equals > 0) {
        put(keys, path, line.substring(0, equals).strip(), "a list", said(comment, meaning));
        path.addLast("(list)");
      } else if (equals > 0 && !line.startsWith("{")) {
        put(
            keys,
            path,
            line.substring(0, equals).strip(),
            line.substring(equals + 1).strip(),
            said(comment, meaning));
      }
      // A comment speaks for the keys below it, up to the next comment.
      if (!comment.isEmpty()) {
        meaning = String.join(" ", comment);
        comment.clear();
      }
    }
  }

  private static String said(List<String> comment, String before) {
    return comment.isEmpty() ? before : String.join(" ", comment);
  }

  private static void put(
      Map<String, Key> keys, ArrayDeque<String> path, String name, String value, String meaning) {
    var full = String.join(".", path) + "." + name;
    if (!full.startsWith("broke.") || value.startsWith("${?") || full.contains("open-sections")) {
      return;
    }
    keys.putIfAbsent(full, new Key(value, meaning));
  }
}
