package org.brokecluster.tests.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void putsPlugInsBehindItsOwnJars(boolean plugIn, @TempDir Path folder) throws Exception {
    var root = Files.createDirectories(folder.resolve("an installation")).toRealPath();
    Files.copy(ROOT.resolve("broke"), root.resolve("broke"), StandardCopyOption.COPY_ATTRIBUTES);
    var own =
        Files.createFile(Files.createDirectories(root.resolve("target/lib")).resolve("b.jar"));
    var plugins = Files.createDirectories(root.resolve("plugins"));
    var expected = own.toString();
    if (plugIn) {
      expected += ":" + Files.createFile(plugins.resolve("a.jar"));
    }

    var process = new ProcessBuilder("bash", root.resolve("broke").toString(), "version");
    process.environment().put("JAVA_HOME", echoingJava(folder).toString());
    var started = process.redirectErrorStream(true).start();
    var words = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(started.waitFor()).as(words).isZero();
    assertThat(words.lines()).containsSequence("-cp", expected, "org.brokecluster.shared.Main");
  }

  /** A Java home whose {@code java} prints its arguments, a line each. */
  private static Path echoingJava(Path folder) throws IOException {
    var home = Files.createDirectories(folder.resolve("jdk/bin")).getParent();
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"17.0.1\"\n");
    var java = Files.writeString(home.resolve("bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    return home;
  }
}
