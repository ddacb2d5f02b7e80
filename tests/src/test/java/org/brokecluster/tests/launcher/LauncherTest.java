package org.brokecluster.tests.launcher;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.regex.Pattern;
import org.assertj.core.api.InstanceOfAssertFactories;
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

  /** Makes the archive it is asked for, and prints its arguments. */
  private static final String ARCHIVING =
      """
      for word; do
        case "$word" in -XX:ArchiveClassesAtExit=*) echo made >"${word#*=}" ;; esac
      done
      echo "$@"
      """;

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
    var root = installation(folder);
    var plugins = Files.createDirectories(root.resolve("plugins"));
    var expected = root.resolve("target/lib/b.jar").toString();
    if (plugIn) {
      expected += ":" + Files.createFile(plugins.resolve("a.jar"));
    }

    var started = launch(root, java(folder, "printf '%s\\n' \"$@\""), "version");
    var words = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(started.waitFor()).as(words).isZero();
    assertThat(words.lines()).containsSequence("-cp", expected, "org.brokecluster.shared.Main");
  }

  @Test
  void preparesAFastStartAlthoughALaunchWasKilledAtIt(@TempDir Path folder) throws Exception {
    var root = installation(folder);
    var fast = Files.createDirectories(root.resolve("target/cds"));
    var dead = new ProcessBuilder("true").start();
    assertThat(dead.waitFor()).isZero();
    Files.writeString(fast.resolve("making"), dead.pid() + "\n");
    Files.createDirectories(fast.resolve("warm-up." + dead.pid()));

    var started = launch(root, java(folder, ARCHIVING), "up");
    var words = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(started.waitFor()).as(words).isZero();
    assertThat(words).contains("-XX:SharedArchiveFile=");
    assertThat(names(fast)).singleElement(as(InstanceOfAssertFactories.STRING)).endsWith(".jsa");
  }

  @Test
  void leavesNothingWhenItIsStoppedWhilePreparing(@TempDir Path folder) throws Exception {
    var root = installation(folder);

    var started = launch(root, java(folder, "exec sleep 600"), "up");
    assertThat(started.inputReader().readLine()).contains("preparing a fast start");
    started.destroy();

    assertThat(started.waitFor()).isEqualTo(143);
    assertThat(names(root.resolve("target/cds"))).isEmpty();
  }

  /** What is built, without the sources. */
  private static Path installation(Path folder) throws IOException {
    var root = Files.createDirectories(folder.resolve("an installation")).toRealPath();
    Files.copy(ROOT.resolve("broke"), root.resolve("broke"), StandardCopyOption.COPY_ATTRIBUTES);
    var lib = Files.createDirectories(root.resolve("target/lib"));
    Files.createFile(lib.resolve("b.jar"));
    Files.writeString(lib.resolve(".built"), "1\n");
    return root;
  }

  private static Process launch(Path root, Path javaHome, String verb) throws IOException {
    var launcher = new ProcessBuilder("bash", root.resolve("broke").toString(), verb);
    launcher.environment().put("JAVA_HOME", javaHome.toString());
    return launcher.redirectErrorStream(true).start();
  }

  /** A Java home whose {@code java} is a script. */
  private static Path java(Path folder, String script) throws IOException {
    var home = Files.createDirectories(folder.resolve("jdk/bin")).getParent();
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"17.0.1\"\n");
    var java = Files.writeString(home.resolve("bin/java"), "#!/bin/sh\n" + script + "\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    return home;
  }

  private static List<String> names(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
