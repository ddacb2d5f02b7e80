package org.brokecluster.node.runtime.mlx;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.brokecluster.shared.config.SettingsReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With shell scripts in place of python. */
@Timeout(180)
class MlxSearchTest {
  @TempDir private Path home;

  private Path python;

  @BeforeEach
  void install() throws IOException {
    var site = Files.createDirectories(home.resolve("site/mlx_lm/models"));
    Files.writeString(site.resolve("llama.py"), "");
    Files.writeString(site.resolve("qwen3.py"), "");
    Files.writeString(
        home.resolve("site/mlx_lm/utils.py"),
        "MODEL_REMAPPING = {\n  \"mistral\": \"llama\",\n  \"x\": \"gone\",\n}\n");
    Files.writeString(
        home.resolve("site/mlx_lm/server.py"),
        "parser.add_argument(\"--log-level\")\nparser.add_argument(\"--decode-concurrency\")");
    python = python("python3.12", "0.31.3");
  }

  @Test
  void findsWhatUvInstalled() throws Exception {
    server(".local/bin", "#!" + python);

    var result = look("");

    var found = result.found().orElseThrow();
    assertThat(result.report()).contains("mlx-lm 0.31.3", ".local/bin/mlx_lm.server");
    assertThat(found.command()).containsExactly(python.toString(), "-m", "mlx_lm", "server");
    assertThat(found.architectures()).containsExactlyInAnyOrder("llama", "qwen3", "mistral");
    assertThat(found.options()).contains("--decode-concurrency").doesNotContain("--pipeline");
  }

  @Test
  void readsScriptsWhoseInterpreterHasALongName() throws Exception {
    server(".local/bin", "#!/bin/sh\n'''exec' \"" + python + "\" \"$0\" \"$@\"\n' '''");

    assertThat(look("").found()).isPresent();
  }

  @Test
  void aTooOldOneIsReportedAndOthersAreTried() throws Exception {
    server("path", "#!" + python("old-python3", "0.29.1"));

    assertThat(look("").found()).isEmpty();
    assertThat(look("").report())
        .contains("mlx-lm 0.29.1", "is too old, 0.31.0 or later", "uv tool upgrade mlx-lm");

    server("venv/bin", "#!" + python);
    assertThat(look("").found()).isPresent();
  }

  @Test
  void saysWhatToDoWhereNothingIsFound() {
    assertThat(look("").report()).contains("was not found", "uv tool install mlx-lm");
    assertThat(look("mlx.command = [\"/not/there\"]").report()).contains("/not/there");
    assertThat(look("mlx.command = [\"unknown-program\"]").report()).contains("unknown-program");
    assertThat(look("mlx.python = /not/there").report()).contains("/not/there");
  }

  @Test
  void takesThePythonThatIsConfigured() throws Exception {
    assertThat(look("mlx.python = \"" + python + "\"").found()).isPresent();
    var without =
        script(home.resolve("bare-python"), "echo '{\"version\": null, \"folder\": null}'");
    assertThat(look("mlx.python = \"" + without + "\"").report()).contains("has no mlx-lm");
    var garbage = script(home.resolve("mad-python"), "head -c 100000 /dev/urandom");
    assertThat(look("mlx.python = \"" + garbage + "\"").found()).isEmpty();
  }

  @Test
  void aCommandThatIsNoPythonIsAskedForHelp() throws Exception {
    var command =
        script(
            home.resolve("serve"),
            "case \"$1\" in --help) echo 'usage: [--max-tokens N]';; *) echo v0.32.1;; esac");

    var found = look("mlx.command = [\"" + command + "\", \"serve\"]").found().orElseThrow();

    assertThat(found.command()).containsExactly(command.toString(), "serve");
    assertThat(found.architectures()).isEmpty();
  }

  @Test
  void aCommandThatNeverAnswersHoldsNobodyUp() throws Exception {
    var command = script(home.resolve("stuck"), "sleep 600");
    long begun = System.nanoTime();

    var result = look("mlx { command = [\"" + command + "\"], command-timeout = 1s }");

    assertThat(result.found()).as("taken as it is").isPresent();
    assertThat(System.nanoTime() - begun).isLessThan(20_000_000_000L);
  }

  private MlxSearch.Result look(String more) {
    var reader =
        new SettingsReader(
            ConfigFactory.parseString("broke.node {\n" + more + "\n}")
                .withFallback(ConfigFactory.defaultReference())
                .resolve());
    var environment = Map.of("HOME", home.toString(), "PATH", home.resolve("path").toString());
    return new MlxSearch(MlxSettings.read(reader), environment).look();
  }

  private Path python(String name, String version) throws IOException {
    var answer =
        "{\"version\": \"%s\", \"folder\": \"%s\"}".formatted(version, home.resolve("site/mlx_lm"));
    return script(home.resolve(name), "echo '" + answer + "'");
  }

  private void server(String place, String start) throws IOException {
    var folder = Files.createDirectories(home.resolve(place));
    var server = Files.writeString(folder.resolve("mlx_lm.server"), start + "\nimport sys\n");
    Files.setPosixFilePermissions(server, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Path script(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
  }
}
