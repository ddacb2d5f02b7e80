package org.brokecluster.node.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.brokecluster.node.runtime.testserver.FakeMlxMain;
import org.brokecluster.protocol.model.ModelState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left when a node is killed, and what is not touched. */
@Timeout(180)
class OrphanTest {
  private static final Duration GRACE = Duration.ofMillis(500);

  @TempDir private Path folder;

  private ProcessRegister register;

  @BeforeEach
  void open() {
    register = new ProcessRegister(folder.resolve("processes"));
  }

  /** What a failed test would leave. */
  @AfterEach
  void endAll() throws Exception {
    for (long pid : MlxTestProcesses.started(folder)) {
      var process = ProcessHandle.of(pid).filter(OrphanTest::isServer);
      process.stream().flatMap(ProcessHandle::descendants).forEach(ProcessHandle::destroyForcibly);
      process.ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private static boolean isServer(ProcessHandle process) {
    return process.info().commandLine().orElse("").contains(FakeMlxMain.class.getName());
  }

  /** A node as a process of its own: loads the model, says so, and waits to be killed. */
  static final class Node {
    private Node() {}

    public static void main(String[] arguments) throws Exception {
      var rig = new MlxRig(Path.of(arguments[0]));
      var runtime = rig.open("");
      runtime.models().toCompletableFuture().get();
      runtime.load(MlxRig.MODEL, share -> {}).toCompletableFuture().get();
      System.out.println("loaded " + runtime.pid(MlxRig.MODEL));
      System.in.read();
    }
  }

  @Test
  void aServerOutlivesItsKilledNodeOnlyUntilTheNextStart() throws Exception {
    new MlxRig(folder).quirks.set("child");
    var node =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Node.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var out =
        new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8));
    var line = out.readLine();
    while (line != null && !line.startsWith("loaded ")) {
      line = out.readLine();
    }
    long orphan = Long.parseLong(String.valueOf(line).replace("loaded ", ""));
    node.destroyForcibly().waitFor();
    assertThat(MlxTestProcesses.runs(orphan)).as("nobody tells it").isTrue();
    var child = ProcessHandle.of(orphan).orElseThrow().children().toList().get(0);

    var rig = new MlxRig(folder);
    var runtime = rig.open("");
    runtime.models().toCompletableFuture().get(60, TimeUnit.SECONDS);
    runtime.load(MlxRig.MODEL, share -> {}).toCompletableFuture().get(60, TimeUnit.SECONDS);

    assertThat(MlxTestProcesses.runs(orphan)).isFalse();
    assertThat(child.isAlive()).isFalse();
    assertThat(runtime.pid(MlxRig.MODEL)).isPositive().isNotEqualTo(orphan);
    assertThat(rig.meters.get("broke.node.process.orphans").counter().count()).isEqualTo(2);
    assertThat(runtime.models().toCompletableFuture().get().get(0).state())
        .isEqualTo(ModelState.LOADED);
    runtime.close().toCompletableFuture().get(60, TimeUnit.SECONDS);
    assertThat(MlxTestProcesses.started(folder)).noneMatch(MlxTestProcesses::runs);
  }

  @Test
  void aProcessThatOnlyGotTheIdIsLeftAlone() throws Exception {
    var stranger = sleeper();
    try {
      long started = ProcessRecord.started(stranger);
      write(new ProcessRecord("m", stranger.pid(), started - 60_000, 1, List.of()));
      assertThat(reap()).isZero();
      write(new ProcessRecord("m", stranger.pid(), 0, 1, List.of()));
      assertThat(reap()).as("start unknown").isZero();
      assertThat(stranger.isAlive()).isTrue();
      assertThat(register.left()).as("forgotten").isEmpty();

      write(new ProcessRecord("m", stranger.pid(), started, 1, List.of()));
      assertThat(reap()).isEqualTo(1);
      assertThat(stranger.isAlive()).isFalse();
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void aProcessThatNotedItsIdAndNothingElseIsFound() throws Exception {
    var orphan = sleeper();
    try {
      var file = register.pidFile();
      Files.writeString(file, orphan.pid() + "\n");
      assertThat(reap()).isEqualTo(1);
      assertThat(orphan.isAlive()).isFalse();
      assertThat(file).doesNotExist();
    } finally {
      orphan.destroyForcibly();
    }
  }

  @Test
  void aNoteOfLongAgoNamesNobody() throws Exception {
    var stranger = sleeper();
    try {
      var file = register.pidFile();
      Files.writeString(file, stranger.pid() + "\n");
      var old = System.currentTimeMillis() - Duration.ofDays(1).toMillis();
      Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(old));
      assertThat(reap()).isZero();
      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void neverEndsItself() throws Exception {
    var self = ProcessHandle.current();
    write(new ProcessRecord("m", self.pid(), ProcessRecord.started(self), 1, List.of()));

    assertThat(reap()).isZero();
  }

  @Test
  void aBrokenListIsNoReasonNotToStart() throws Exception {
    Files.createDirectories(folder.resolve("processes"));
    Files.writeString(folder.resolve("processes/processes.json"), "[{\"pid\": \"what\"");
    Files.writeString(folder.resolve("processes/7.pid"), "not a number");
    Files.writeString(folder.resolve("processes/8.pid"), "9".repeat(100));

    assertThat(reap()).isZero();
    assertThat(register.pidFilesLeft()).isEmpty();
  }

  @Test
  void aStartThatCannotBeWrittenDownIsForgotten() throws Exception {
    var inTheWay = folder.resolve("processes/processes.json/x");
    Files.createDirectories(inTheWay);
    assertThatThrownBy(this::start).isInstanceOf(IOException.class);

    Files.delete(inTheWay);
    Files.delete(inTheWay.getParent());
    var running = start();
    try {
      assertThat(register.left()).extracting(ProcessRecord::pid).containsExactly(running.pid());
    } finally {
      running.end(GRACE);
    }
  }

  private RunningProcess start() throws IOException {
    return RunningProcess.start(
        "m", port -> new Launch(List.of("sleep", "600"), Map.of()), register, 9);
  }

  private int reap() {
    return new OrphanReaper(new ProcessRegister(folder.resolve("processes")), GRACE).reap();
  }

  private void write(ProcessRecord record) throws Exception {
    new ProcessRegister(folder.resolve("processes")).put(record);
  }

  /** Not our child, so that nobody but the reaper can end it and nobody has to wait for it. */
  private static ProcessHandle sleeper() throws Exception {
    var shell = new ProcessBuilder("sh", "-c", "sleep 600 >/dev/null 2>&1 & echo $!").start();
    var out = new String(shell.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    return ProcessHandle.of(Long.parseLong(out.strip())).orElseThrow();
  }
}
