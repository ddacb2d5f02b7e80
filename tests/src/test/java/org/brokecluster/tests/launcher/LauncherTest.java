package org.brokecluster.tests.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shell scripts run where only bash 3.2 and BSD tools are. */
class LauncherTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** What macOS does not have, or has in another form. */
  private static final Pattern NOT_PORTABLE =
      Pattern.compile(
          "declare -[aA]|mapfile|readarray|wait -n|readlink -f|\\bsetsid\\b|^\\s*timeout |stat -c"
              + "|sed -i|grep -P|date -d|\\$\\{\\w+(,,|\\^\\^)|&>>|\\|&|head -c|realpath",
          Pattern.MULTILINE);

  @ParameterizedTest
  @ValueSource(strings = {"broke", ".ci/run"})
  void canBeReadByBash(String script) throws Exception {
    var process =
        new ProcessBuilder("bash", "-n", ROOT.resolve(script).toString())
            .redirectErrorStream(true)
            .start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(Files.isExecutable(ROOT.resolve(script))).isTrue();
  }

  @Test
  void usesNothingThatOldShellsLack() throws IOException {
    var script =
        Files.readAllLines(ROOT.resolve("broke")).stream()
            .filter(line -> !line.strip().startsWith("#"))
            .map(line -> line.replaceAll(" # .*", ""))
            .toList();

    assertThat(script).noneMatch(line -> NOT_PORTABLE.matcher(line).find());
  }
}
