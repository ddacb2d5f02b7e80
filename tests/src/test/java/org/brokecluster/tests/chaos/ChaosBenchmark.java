package org.brokecluster.tests.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Chaos as a command: many events in one seeded run; prints every one, and the figures. */
@Command(name = "chaos", mixinStandardHelpOptions = true)
final class ChaosBenchmark implements Callable<Integer> {
  @Option(names = "--seed", description = "What happens follows from it. Default: 1.")
  private long seed = 1;

  @Option(names = "--events", description = "How much happens. Default: 200.")
  private int events = 200;

  @Option(names = "--clients", description = "Clients at the same time. Default: 12.")
  private int clients = 12;

  @Option(
      names = "--longest",
      description = "Longest pause or cut, in seconds. Default: 15, enough for a downing.")
  private int longest = 15;

  /** Runs it; for the arguments see {@code --help}. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ChaosBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    var dir = Files.createTempDirectory("broke-chaos");
    System.out.println("logs: " + dir);
    var plan = new ChaosRun.Plan(seed, events, Duration.ofSeconds(longest), clients);
    var report = ChaosRun.run(dir, plan, System.out::println);
    report.wrong().forEach(each -> System.out.println("WRONG: " + each));
    System.out.printf(
        "seed %d: %d events %s in %d s%n",
        seed, events, report.happened(), report.took().toSeconds());
    System.out.println(report.summary());
    System.out.printf("leaked slots: %d; replay: %s%n", report.leaked(), report.replay());
    return report.wrong().isEmpty() && report.leaked() == 0 ? 0 : 1;
  }
}
