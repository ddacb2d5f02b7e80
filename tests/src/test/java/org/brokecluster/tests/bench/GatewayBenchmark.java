package org.brokecluster.tests.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.brokecluster.tests.bench.LoadGenerator.Target;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The whole path from HTTP client to HTTP runtime and back: latency, CPU and memory of gateways
 * between our own load generator and our own model server, all on this machine and taking turns.
 * CPU is that of a gateway's processes divided by what they did; the tools' own is not in it.
 */
@Command(name = "gateway", mixinStandardHelpOptions = true)
final class GatewayBenchmark implements Runnable {
  private static final String ROW = "%-9s %-10s %9s %9s %9s %9s %9s %8s  %s%n";

  @Option(
      names = "--dir",
      description = "Folder of a gateway with its gateway.conf; several may be given.")
  private List<Path> folders = new ArrayList<>();

  @Option(names = "--seconds", description = "Time for each load. Default: ${DEFAULT-VALUE}.")
  private int seconds = 10;

  @Option(
      names = "--warm",
      description = "Load before anything is measured, in seconds. Default: ${DEFAULT-VALUE}.")
  private int warm = 45;

  @Option(names = "--rounds", description = "Rounds of all loads. Default: ${DEFAULT-VALUE}.")
  private int rounds = 2;

  @Option(names = "--hold", description = "Streams held at once. Default: ${DEFAULT-VALUE}.")
  private int hold = 2_000;

  @Option(
      names = "--only",
      split = ",",
      description = "Loads to run, of ns1, ns32, st64 and hold. Default: all.")
  private List<String> only = List.of("ns1", "ns32", "st64", "hold");

  /** Runs it; for the arguments see {@code --help}. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new GatewayBenchmark()).execute(arguments));
  }

  @Override
  public void run() {
    try (var upstream = Upstream.start(0)) {
      var runDir = Files.createTempDirectory("broke-bench");
      System.out.println("logs: " + runDir);
      var candidates = Candidate.startAll(folders, runDir, upstream.url());
      try {
        measure(upstream, candidates);
      } finally {
        candidates.forEach(Candidate::close);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void measure(Upstream upstream, List<Candidate> candidates) {
    var direct = new Target("127.0.0.1", URI.create(upstream.url()).getPort(), "mock");
    for (var candidate : candidates) {
      warm(candidate);
    }
    System.out.printf(
        ROW, "load", "gateway", "per s", "p50 ms", "p99 ms", "added ms", "CPU us", "MiB", "");
    for (int round = 0; round < rounds; round++) {
      for (var load : loads()) {
        var base = new LoadGenerator(direct).run(load);
        print("direct", base, Double.NaN, Double.NaN, Double.NaN);
        for (var candidate : candidates) {
          measure(candidate, load, base);
        }
      }
    }
  }

  private void warm(Candidate candidate) {
    var generator = new LoadGenerator(candidate.target());
    var third = Duration.ofMillis(warm * 1_000L / 3);
    generator.run(Load.whole(32, third));
    generator.run(Load.streams(64, third));
    generator.run(Load.whole(1, third));
  }

  private List<Load> loads() {
    var length = Duration.ofSeconds(seconds);
    var all =
        List.of(
            Load.whole(1, length),
            Load.whole(32, length),
            Load.streams(64, length),
            Load.held(hold, Duration.ofSeconds(20)));
    return all.stream().filter(load -> only.contains(load.once() ? "hold" : load.name())).toList();
  }

  private void measure(Candidate candidate, Load load, LoadResult base) {
    var meter = candidate.meter();
    var before = meter.cpu();
    var result = new LoadGenerator(candidate.target()).run(load);
    var used = meter.cpu().minus(before);
    long units = load.streamed() ? result.tokens() : result.completed();
    print(
        candidate.name(),
        result,
        result.latencyMillis(0.5) - base.latencyMillis(0.5),
        used.toNanos() / 1e3 / units,
        meter.peakMemoryMiB());
  }

  /** Streams show the time to their first token; everything else the time to the end. */
  private static void print(
      String name, LoadResult result, double added, double cpu, double memory) {
    var load = result.load();
    boolean streamed = load.streamed();
    double rate = (streamed ? result.tokens() : result.completed()) / result.seconds();
    System.out.printf(
        ROW,
        load.name(),
        name,
        number(rate, 0),
        number(streamed ? result.firstTokenMillis(0.5) : result.latencyMillis(0.5), 2),
        number(streamed ? result.firstTokenMillis(0.99) : result.latencyMillis(0.99), 2),
        streamed ? "-" : number(added, 2),
        number(cpu, 1),
        number(memory, 0),
        notes(result));
  }

  private static String notes(LoadResult result) {
    var notes = new ArrayList<String>();
    if (result.load().once()) {
      notes.add(result.completed() + " of " + result.load().connections() + " whole");
      notes.add("longest gap " + number(result.gapMillis(1), 0) + " ms");
    }
    if (result.failed() > 0) {
      notes.add("FAILED " + result.failures());
    }
    return String.join(", ", notes);
  }

  private static String number(double value, int digits) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%." + digits + "f", value) : "-";
  }
}
