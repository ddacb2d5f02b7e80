package org.brokecluster.node.runtime.mlx;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.brokecluster.node.runtime.disk.JsonFiles;
import org.brokecluster.node.runtime.process.ShortCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mlx-lm of one python interpreter.
 *
 * @param architectures models it has code for, other names for them included
 * @param options arguments of its server
 */
record PythonPackage(Optional<MlxVersion> version, Set<String> architectures, Set<String> options) {
  private static final Logger LOG = LoggerFactory.getLogger(PythonPackage.class);

  /** Asks the package's metadata without loading the package, which takes seconds. */
  private static final String QUESTION =
      "import importlib.metadata as m, importlib.util as u, json;"
          + "s = u.find_spec('mlx_lm');"
          + "print(json.dumps({'version': m.version('mlx-lm') if s else None,"
          + " 'folder': list(s.submodule_search_locations)[0] if s else None}))";

  private static final long SOURCE_MAX = 4L << 20;
  private static final int SHEBANG_MAX = 4096;
  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])(--[a-z][a-z-]{1,40})");
  private static final Pattern REMAPPING =
      Pattern.compile("MODEL_REMAPPING[^{]{0,40}\\{([^}]{0,10000})}");
  private static final Pattern PAIR = Pattern.compile("\"([\\w.-]+)\"\\s*:\\s*\"([\\w.-]+)\"");
  private static final Pattern EXEC =
      Pattern.compile("exec'? +[\"']?(/[^\"']+?python[\\w.]*)[\"' ]");

  /** What an interpreter says about its mlx-lm; nothing if it has none or does not answer. */
  static Optional<PythonPackage> ask(Path python, Duration patience) {
    try {
      var command = List.of(python.toString(), "-c", QUESTION);
      var said = ShortCommand.run(command, patience).orElse("").strip();
      if (!said.startsWith("{")) {
        return Optional.empty();
      }
      return of(JsonFiles.parse(said.getBytes(StandardCharsets.UTF_8), "the answer of python"));
    } catch (IOException e) {
      LOG.debug("cannot ask a python about mlx-lm: python={}", python, e);
      return Optional.empty();
    }
  }

  private static Optional<PythonPackage> of(JsonNode said) {
    var folder = said.path("folder").asText("");
    if (!said.path("folder").isTextual() || folder.isEmpty()) {
      return Optional.empty();
    }
    var version = MlxVersion.in(said.path("version").asText(""));
    return Optional.of(
        new PythonPackage(
            version,
            architectures(Path.of(folder)),
            optionsIn(source(Path.of(folder, "server.py")))));
  }

  /** One file of the package for each architecture, and other names for some of them. */
  private static Set<String> architectures(Path folder) {
    var names = new HashSet<String>();
    try (var files = Files.newDirectoryStream(folder.resolve("models"), "*.py")) {
      for (var file : files) {
        names.add(file.getFileName().toString().replaceAll("\\.py$", ""));
      }
    } catch (IOException e) {
      LOG.debug("cannot list the architectures of mlx-lm: folder={}", folder, e);
      return Set.of();
    }
    var table = REMAPPING.matcher(source(folder.resolve("utils.py")));
    if (table.find()) {
      var pair = PAIR.matcher(table.group(1));
      while (pair.find()) {
        if (names.contains(pair.group(2))) {
          names.add(pair.group(1));
        }
      }
    }
    return names;
  }

  /** Every argument that is named in a source or a help text. */
  static Set<String> optionsIn(String text) {
    var options = new HashSet<String>();
    var match = OPTION.matcher(text);
    while (match.find()) {
      options.add(match.group(1));
    }
    return options;
  }

  private static String source(Path file) {
    try {
      return Files.isRegularFile(file) && Files.size(file) <= SOURCE_MAX
          ? Files.readString(file, StandardCharsets.ISO_8859_1)
          : "";
    } catch (IOException e) {
      LOG.debug("cannot read a source of mlx-lm: file={}", file, e);
      return "";
    }
  }

  /** The python that a script names in its first line, or in its second where that got too long. */
  static Optional<Path> interpreterOf(Path script) {
    try (var in = Files.newInputStream(script)) {
      var start = new String(in.readNBytes(SHEBANG_MAX), StandardCharsets.ISO_8859_1);
      var lines = new BufferedReader(new java.io.StringReader(start));
      var first = lines.readLine();
      if (first == null || !first.startsWith("#!")) {
        return Optional.empty();
      }
      var program = first.substring(2).strip();
      if (!program.contains("python")) {
        var exec = EXEC.matcher(String.valueOf(lines.readLine()));
        program = exec.find() ? exec.group(1) : "";
      }
      return Optional.of(program)
          .filter(path -> path.startsWith("/") && path.contains("python"))
          .map(Path::of)
          .filter(Files::isExecutable);
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
