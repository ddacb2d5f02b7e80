package org.brokecluster.coordinator.cli.installation;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.brokecluster.coordinator.cli.client.ClusterGlance;
import org.brokecluster.shared.cli.Cli;
import org.brokecluster.shared.cli.ExitCode;
import org.brokecluster.shared.cli.VerbException;
import org.brokecluster.shared.host.EdgeAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Starts a small simulated host in this JVM, asks it something, and ends: a rehearsal by which the
 * launcher lets the JVM archive the classes that every later start needs.
 */
@Command(name = "warm-up", hidden = true, description = "Rehearse a start; for the launcher.")
final class WarmUpCommand implements Callable<Integer> {
  private static final Duration START_MAX = Duration.ofSeconds(60);
  private static final Duration STOP_MAX = Duration.ofSeconds(15);
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  @Option(names = "--data-dir", required = true, description = "A folder that may be filled.")
  private Path dataDir = Path.of("warm-up");

  @Override
  public Integer call() throws IOException, InterruptedException {
    var parent = new PipedOutputStream();
    System.setIn(new PipedInputStream(parent));
    var host = CompletableFuture.supplyAsync(this::runHost, task -> new Thread(task).start());
    try (parent) {
      rehearse(awaitUrl(host));
    }
    try {
      return host.get(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw VerbException.failed("the rehearsal did not end: " + e);
    }
  }

  private int runHost() {
    return Cli.ofInstalledModules()
        .run(
            "up",
            "--name",
            "warm-up",
            "--port",
            "0",
            "--cluster-port",
            "0",
            "--bind",
            "127.0.0.1",
            "--simulated",
            "mini-m1",
            "--time-scale",
            "1000",
            "--data-dir",
            dataDir.toString(),
            "--parent-pipe");
  }

  private String awaitUrl(CompletableFuture<Integer> host)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_MAX.toNanos();
    while (System.nanoTime() < deadline) {
      var address = EdgeAddress.readFrom(dataDir);
      if (address.isPresent() && new ClusterGlance(address.get().url(), Optional.empty()).ready()) {
        return address.get().url();
      }
      if (endsWithin(host, LOOK_EVERY)) {
        throw VerbException.failed("the rehearsed host ended at once");
      }
    }
    throw VerbException.failed("the rehearsed host was not ready in time");
  }

  private static boolean endsWithin(CompletableFuture<Integer> host, Duration time)
      throws InterruptedException {
    try {
      host.get(time.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw VerbException.failed("the rehearsed host failed: " + e.getCause());
    }
  }

  /** Touches what the reading verbs and an answer need. */
  private static void rehearse(String url) {
    var verbs =
        List.of(
            List.of("chat", "--url", url, "--max-tokens", "8", "hello"),
            List.of("chat", "--url", url, "--max-tokens", "8", "--no-stream", "hello"),
            List.of("status", "--url", url),
            List.of("nodes", "--url", url),
            List.of("models", "--url", url),
            List.of("route", "--url", url, "hello"),
            List.of("history", "--url", url));
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    for (var verb : verbs) {
      int code = Cli.ofInstalledModules().run(verb.toArray(String[]::new));
      if (code != ExitCode.OK) {
        out.println("rehearsal of " + verb.get(0) + " failed with " + code);
      }
    }
  }
}
