package org.brokecluster.node.runtime.mlx;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.brokecluster.node.runtime.process.ShortCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for mlx-lm: what the configuration names, then {@code mlx_lm.server} on the PATH, then
 * where uv, pipx, Homebrew, conda and people put it. Blocks: runs a short command of python.
 */
public final class MlxSearch {
  private static final Logger LOG = LoggerFactory.getLogger(MlxSearch.class);
  private static final String SERVER = "mlx_lm.server";

  private static final List<String> BELOW_HOME =
      List.of(
          ".local/bin",
          ".local/share/uv/tools/mlx-lm/bin",
          "Library/Application Support/uv/tools/mlx-lm/bin",
          ".local/pipx/venvs/mlx-lm/bin",
          ".local/share/pipx/venvs/mlx-lm/bin",
          "Library/Application Support/pipx/venvs/mlx-lm/bin",
          "mlx-env/bin",
          "mlx/.venv/bin",
          ".venv/bin",
          "venv/bin",
          ".mlx/bin",
          "miniforge3/bin",
          "miniconda3/bin",
          "anaconda3/bin");

  private static final List<String> ELSEWHERE =
      List.of("/opt/homebrew/bin", "/usr/local/bin", "/opt/homebrew/Caskroom/miniforge/base/bin");

  private final MlxSettings settings;
  private final Map<String, String> environment;

  /** What a search has brought. */
  public record Result(Optional<MlxInstallation> found, String report) {}

  /**
   * A search that has not begun.
   *
   * @param environment of the node: {@code HOME} and {@code PATH}
   */
  public MlxSearch(MlxSettings settings, Map<String, String> environment) {
    this.settings = settings;
    this.environment = environment;
  }

  /** Looks now. The report is one sentence for people: what was found, or what to do. */
  public Result look() {
    if (!settings.command().isEmpty()) {
      return configured(settings.command());
    }
    if (!settings.python().isEmpty()) {
      return python(Path.of(settings.python()));
    }
    var tooOld = new ArrayList<MlxInstallation>();
    for (var server : candidates()) {
      var installed = inspect(List.of(server.toString()), server);
      if (installed.version().map(MlxVersion::tooOld).orElse(false)) {
        tooOld.add(installed);
      } else {
        return new Result(Optional.of(installed), sentence(installed));
      }
    }
    return tooOld.isEmpty() ? nothing() : old(tooOld.get(0));
  }

  private static Result nothing() {
    return new Result(
        Optional.empty(),
        "mlx-lm was not found on the PATH nor where uv, pipx, Homebrew and conda put it: install it"
            + " with \"uv tool install mlx-lm\", or name it in broke.node.mlx.command");
  }

  private static Result old(MlxInstallation installed) {
    return new Result(
        Optional.empty(),
        "mlx-lm %s at %s is too old, %s or later is needed: \"uv tool upgrade mlx-lm\" or \"pip install -U mlx-lm\""
            .formatted(
                installed.version().map(MlxVersion::toString).orElse("?"),
                installed.place(),
                MlxVersion.OLDEST));
  }

  private Result configured(List<String> command) {
    var program = program(command.get(0));
    if (program.isEmpty()) {
      return new Result(
          Optional.empty(),
          "broke.node.mlx.command names a program that is not there: " + command.get(0));
    }
    return accept(inspect(command, program.get()));
  }

  private Result python(Path python) {
    if (!Files.isExecutable(python)) {
      return new Result(
          Optional.empty(), "broke.node.mlx.python names a program that is not there: " + python);
    }
    var asked = PythonPackage.ask(python, settings.commandTimeout());
    if (asked.isEmpty()) {
      return new Result(
          Optional.empty(),
          "%s has no mlx-lm: install it with \"%s -m pip install mlx-lm\""
              .formatted(python, python));
    }
    return accept(installation(asked.get(), python, python));
  }

  private static Result accept(MlxInstallation installed) {
    return installed.version().map(MlxVersion::tooOld).orElse(false)
        ? old(installed)
        : new Result(Optional.of(installed), sentence(installed));
  }

  private static String sentence(MlxInstallation installed) {
    return "mlx-lm %s at %s"
        .formatted(
            installed.version().map(MlxVersion::toString).orElse("of unknown version"),
            installed.place());
  }

  /** A program by its path, or by its name on the PATH. */
  private Optional<Path> program(String name) {
    if (name.contains("/")) {
      return Optional.of(Path.of(name)).filter(Files::isExecutable);
    }
    return onPath(name).findFirst();
  }

  private Stream<Path> onPath(String name) {
    return Stream.of(environment.getOrDefault("PATH", "").split(":", -1))
        .filter(folder -> !folder.isBlank())
        .map(folder -> Path.of(folder).resolve(name))
        .filter(Files::isExecutable);
  }

  private List<Path> candidates() {
    var home = environment.getOrDefault("HOME", "");
    var places = new ArrayList<Path>(onPath(SERVER).toList());
    if (!home.isBlank()) {
      BELOW_HOME.forEach(place -> places.add(Path.of(home, place, SERVER)));
      ELSEWHERE.forEach(place -> places.add(Path.of(place, SERVER)));
    }
    return places.stream().filter(Files::isExecutable).distinct().toList();
  }

  /** Finds out what a command starts: by its interpreter, or else by asking it. */
  private MlxInstallation inspect(List<String> command, Path program) {
    var python = PythonPackage.interpreterOf(program);
    var asked = python.flatMap(path -> PythonPackage.ask(path, settings.commandTimeout()));
    if (python.isPresent() && asked.isPresent() && settings.command().isEmpty()) {
      return installation(asked.get(), python.get(), program);
    }
    if (asked.isPresent()) {
      var known = asked.get();
      return new MlxInstallation(
          command, program, known.version(), known.architectures(), known.options(), python);
    }
    var help = say(command, "--help");
    var version = MlxVersion.in(say(command, "--version"));
    return new MlxInstallation(
        command,
        program,
        version,
        java.util.Set.of(),
        PythonPackage.optionsIn(help),
        Optional.empty());
  }

  /** With a fixed interpreter in place of a script: no wrapper between us and the server. */
  private static MlxInstallation installation(PythonPackage known, Path python, Path place) {
    return new MlxInstallation(
        List.of(python.toString(), "-m", "mlx_lm", "server"),
        place,
        known.version(),
        known.architectures(),
        known.options(),
        Optional.of(python));
  }

  private String say(List<String> command, String argument) {
    var all = new ArrayList<>(command);
    all.add(argument);
    try {
      return ShortCommand.run(all, settings.commandTimeout()).orElse("");
    } catch (java.io.IOException e) {
      LOG.debug("cannot ask a program about itself: program={}", command.get(0), e);
      return "";
    }
  }
}
