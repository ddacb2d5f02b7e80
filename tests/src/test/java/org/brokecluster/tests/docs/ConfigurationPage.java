package org.brokecluster.tests.docs;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Makes {@code docs/configuration.md} of the modules' {@code reference.conf} files. */
final class ConfigurationPage {
  private static final String ROOT = "broke";
  private static final String HEAD =
      """
      # Configuration

      <!-- Made from the modules' reference.conf files. After a change there, write it again:
           ./mvnw -q -pl tests -am test -Dtest=ConfigurationPageTest -Dbroke.write-docs=true \\
             -Dsurefire.failIfNoSpecifiedTests=false -->

      `cluster.conf` in the project's root, or in the folder that `BROKE_CONFIG_DIR` or `--config-dir`
      names, is [HOCON](https://github.com/lightbend/config/blob/main/HOCON.md). Values are taken from
      the command line (`-D key=value`), else from the environment, else from `cluster.conf`, else
      from the defaults below.

      The environment variable of a key is its name in capitals, with `_` for everything else:
      `broke.http.port` is `BROKE_HTTP_PORT`. Lists are written with commas. `BROKE_API_KEY` adds one
      key to `broke.http.api-keys`, `BROKE_LOG_LEVEL` sets the level of the log (`INFO`), and
      `BROKE_JAVA_OPTS` adds flags to the JVM.

      Times are written like `500ms`, `10s`, `5m`; sizes like `64KiB`, `32MiB`. A key that does not
      exist, a value of the wrong shape or out of its range keeps a host from starting: all problems
      are listed, and the exit code is 2.
      """;

  private record Entry(String key, String value, String meaning, String file, int line) {}

  private ConfigurationPage() {}

  /** The whole page. */
  static String render() {
    var sections = new TreeMap<String, List<Entry>>();
    for (var file : referenceFiles()) {
      var config =
          ConfigFactory.parseURL(file)
              .resolve(ConfigResolveOptions.noSystem().setAllowUnresolved(true));
      if (config.hasPath(ROOT)) {
        collect(ROOT, config.getObject(ROOT), sections);
      }
    }
    var page = new StringBuilder(HEAD);
    sections.forEach((section, entries) -> page.append(table(section, entries)));
    return page.toString();
  }

  private static List<URL> referenceFiles() {
    try {
      return Collections.list(
              ConfigurationPage.class.getClassLoader().getResources("reference.conf"))
          .stream()
          .sorted(Comparator.comparing(URL::toString))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void collect(String path, ConfigObject values, Map<String, List<Entry>> sections) {
    for (var named : values.entrySet()) {
      var key = path + "." + ConfigUtil.joinPath(named.getKey());
      if (key.equals("broke.open-sections")) {
        continue;
      }
      if (named.getValue() instanceof ConfigObject inner && !inner.isEmpty()) {
        collect(key, inner, sections);
      } else {
        sections
            .computeIfAbsent(section(key), ignored -> new ArrayList<>())
            .add(entry(key, named.getValue()));
      }
    }
  }

  /** The first two steps of a key, or the first alone where it has no more. */
  private static String section(String key) {
    int second = key.indexOf('.', ROOT.length() + 1);
    return second < 0 ? ROOT : key.substring(0, second);
  }

  private static Entry entry(String key, ConfigValue value) {
    var meaning =
        value.origin().comments().stream()
            .map(String::strip)
            .filter(line -> !line.startsWith("---"))
            .collect(Collectors.joining(" "));
    return new Entry(
        key,
        shown(value),
        meaning,
        value.origin().filename() + value.origin().url(),
        value.origin().lineNumber());
  }

  private static String shown(ConfigValue value) {
    if (value instanceof ConfigList list && list.size() > 1) {
      return list.size() + " entries";
    }
    return value.render(ConfigRenderOptions.concise());
  }

  private static String table(String section, List<Entry> entries) {
    var text =
        new StringBuilder("\n## " + section + "\n\n| key | default | meaning |\n|---|---|---|\n");
    entries.stream()
        .sorted(Comparator.comparing(Entry::file).thenComparingInt(Entry::line))
        .forEach(
            entry ->
                text.append("| `")
                    .append(entry.key())
                    .append("` | `")
                    .append(entry.value())
                    .append("` | ")
                    .append(entry.meaning().replace("|", "\\|"))
                    .append(" |\n"));
    return text.toString();
  }

  /** Every key of ours with its default, from all modules together. */
  static Config defaults() {
    return ConfigFactory.defaultReference();
  }
}
