package org.brokecluster.tests.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.brokecluster.tests.harness.Await;
import org.brokecluster.tests.harness.TestCluster;

/**
 * A gateway that is measured: a folder with {@code gateway.conf}, whose lines are {@code CMD} (run
 * in the folder, with {@code PORT}, {@code UPSTREAM_URL} and {@code RUN_DIR} in its environment),
 * {@code BASE} (with {@code {PORT}} in it) and {@code MODEL}.
 */
final class Candidate implements AutoCloseable {
  private static final Duration START_MAX = Duration.ofMinutes(2);
  private static final Duration STOP_MAX = Duration.ofSeconds(12);

  private final String name;
  private final Path runDir;
  private final LoadGenerator.Target target;
  private final Process process;

  private Candidate(String name, Path runDir, LoadGenerator.Target target, Process process) {
    this.name = name;
    this.runDir = runDir;
    this.target = target;
    this.process = process;
  }

  /** Starts it and waits until it answers. */
  static Candidate start(Path folder, Path runDir, String upstreamUrl) throws IOException {
    var conf = conf(folder.resolve("gateway.conf"));
    int port = TestCluster.freePort();
    Files.createDirectories(runDir);
    var builder =
        new ProcessBuilder("bash", "-c", "exec " + conf.get("CMD"))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(runDir.resolve("log").toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "PORT",
                Integer.toString(port),
                "UPSTREAM_URL",
                upstreamUrl,
                "RUN_DIR",
                runDir.toString()));
    var base = URI.create(conf.get("BASE").replace("{PORT}", Integer.toString(port)));
    var target = new LoadGenerator.Target(base.getHost(), base.getPort(), conf.get("MODEL"));
    var name = folder.getFileName().toString();
    var candidate = new Candidate(name, runDir, target, builder.start());
    candidate.awaitAnswer();
    return candidate;
  }

  private static Map<String, String> conf(Path file) throws IOException {
    var conf = new HashMap<String, String>();
    for (var line : Files.readAllLines(file)) {
      int equals = line.indexOf('=');
      if (equals > 0 && !line.startsWith("#")) {
        conf.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return conf;
  }

  private void awaitAnswer() {
    long deadline = System.nanoTime() + START_MAX.toNanos();
    var once = new Load("start", 1, true, 3, Duration.ZERO, Duration.ZERO, Duration.ZERO, 0);
    var generator = new LoadGenerator(target);
    while (generator.run(once).completed() == 0) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        close();
        throw new IllegalStateException(
            name + " gives no right answer; see " + runDir.resolve("log"));
      }
      Await.pause(Duration.ofMillis(200));
    }
  }

  /** Name of its folder. */
  String name() {
    return name;
  }

  LoadGenerator.Target target() {
    return target;
  }

  /** All its processes as they are now. */
  ProcessMeter meter() {
    return new ProcessMeter(process.toHandle());
  }

  /** SIGTERM to each of its processes, and after a while an end by force. */
  @Override
  public void close() {
    var all = new ArrayList<>(meter().processes());
    all.forEach(ProcessHandle::destroy);
    all.forEach(Candidate::awaitEnd);
  }

  private static void awaitEnd(ProcessHandle handle) {
    try {
      handle.onExit().get(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      handle.destroyForcibly();
    } catch (InterruptedException e) {
      handle.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Starts one for each folder; none is left running if one does not start. */
  static List<Candidate> startAll(List<Path> folders, Path runDir, String upstreamUrl)
      throws IOException {
    var started = new ArrayList<Candidate>();
    try {
      for (var folder : folders) {
        started.add(start(folder, runDir.resolve(folder.getFileName()), upstreamUrl));
      }
      return started;
    } catch (IOException | RuntimeException e) {
      started.forEach(Candidate::close);
      throw e;
    }
  }
}
