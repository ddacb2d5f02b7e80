package org.brokecluster.tests.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.brokecluster.tests.harness.Await;
import org.brokecluster.tests.harness.BrokeClient;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Time from {@code kill -9} of a node's JVM to the next token at the client of a stream that ran on
 * it, while the model is in memory elsewhere: with a router that lives, or that dies with it.
 */
@Command(name = "kill", mixinStandardHelpOptions = true)
final class KillBenchmark implements Callable<Integer> {
  private static final String MODEL = "sim/qwen-4b-4bit";
  private static final int TOKENS = 3_000;
  private static final int BEFORE = 20;
  private static final Duration RECOVERY_MAX = Duration.ofMinutes(2);

  @Option(names = "--kills", description = "Nodes to kill. Default: ${DEFAULT-VALUE}.")
  private int kills = 50;

  @Option(names = "--router", description = "Kill the coordinator that routes, each time.")
  private boolean router;

  /** Runs it; for the arguments see {@code --help}. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new KillBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    var dir = Files.createTempDirectory("broke-kill");
    System.out.println("logs: " + dir);
    try (var cluster = ChaosCluster.start(dir, List.of("d", "e"), 1);
        var oracle = new Oracle()) {
      var times =
          LongStream.rangeClosed(1, kills).map(number -> kill(cluster, oracle, number)).toArray();
      print(times);
    }
    return 0;
  }

  private long kill(ChaosCluster cluster, Oracle oracle, long number) {
    cluster.await(RECOVERY_MAX, "all nodes serve before kill " + number, cluster::allServe);
    var prompt = "Story number " + number;
    var body = BrokeClient.longChat(MODEL, prompt, true, TOKENS);
    var truth = oracle.truth(MODEL, body);
    while (true) {
      var response =
          cluster.edge().stream("/v1/chat/completions", body, "x-broke-strategy", "round-robin");
      // None where the answer was late to begin, as just after the kill before this one.
      var node = response.headers().firstValue("x-broke-node").orElse("");
      try (var lines = response.body()) {
        var reader = lines.iterator();
        if (isWanted(cluster, node)) {
          return measure(cluster.host(node), reader, truth, number);
        }
      }
    }
  }

  /** Whether a node is one of those to be killed: the router's, or one that is no coordinator. */
  private boolean isWanted(ChaosCluster cluster, String node) {
    return router
        ? cluster.status().path("coordinator").asText().equals(node)
        : cluster.nodes().contains(node) && !ChaosCluster.COORDINATORS.contains(node);
  }

  private static long measure(
      ChaosHost victim, Iterator<String> lines, Oracle.Truth truth, long number) {
    var ear = new StreamEar();
    listen(lines, ear, BEFORE);
    long killed = System.nanoTime();
    victim.process().killHard();
    boolean goesOn = false;
    while (!goesOn) {
      var line = lines.next();
      goesOn = line.startsWith(":") && Client.tellsOfRescue(line);
      ear.hear(line);
    }
    listen(lines, ear, ear.tokens() + 1);
    long millis = (System.nanoTime() - killed) / 1_000_000;
    listen(lines, ear, ear.tokens() + BEFORE);
    if (!truth.text().startsWith(ear.text())) {
      throw new AssertionError("kill " + number + ": the text is not what it must be");
    }
    System.out.printf("kill %d: %s, next token after %d ms%n", number, victim.name(), millis);
    Await.pause(Duration.ofSeconds(1));
    victim.restart();
    return millis;
  }

  /** Listens until so many tokens have come in all. */
  private static void listen(Iterator<String> lines, StreamEar ear, int tokens) {
    while (ear.tokens() < tokens) {
      ear.hear(lines.next());
    }
  }

  private void print(long[] times) {
    Arrays.sort(times);
    System.out.printf(
        "%d kills%s: next token after %d ms (p50), %d ms (p99), %d ms (longest)%n",
        times.length,
        router ? " of node and router together" : "",
        at(times, 0.5),
        at(times, 0.99),
        times[times.length - 1]);
  }

  private static long at(long[] sorted, double share) {
    return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  }
}
