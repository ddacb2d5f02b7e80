package org.brokecluster.tests.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The sixteen faults as a command, with full times unless told otherwise; prints a table. */
@Command(name = "faults", mixinStandardHelpOptions = true)
final class FaultBenchmark implements Callable<Integer> {
  @Option(
      names = "--scale",
      description = "Factor for all times, those of the product included. Default: 1.")
  private double scale = 1;

  @Option(names = "--only", split = ",", description = "Faults to play, such as S08. Default: all.")
  private List<String> only = List.of();

  /** Runs it; for the arguments see {@code --help}. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new FaultBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    var dir = Files.createTempDirectory("broke-faults");
    System.out.println("logs: " + dir);
    var scenarios =
        Scenarios.all().stream()
            .filter(each -> only.isEmpty() || only.contains(each.id()))
            .toList();
    var verdicts = FaultSuite.run(scenarios, new Times(scale), dir);
    verdicts.forEach(verdict -> System.out.println(verdict.line()));
    long passed = verdicts.stream().filter(Verdict::passed).count();
    System.out.printf("%d of %d pass%n", passed, verdicts.size());
    return passed == verdicts.size() ? 0 : 1;
  }
}
