package org.brokecluster.tests.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What processes use, as the operating system counts it. */
final class ProcessMeter {
  private final List<ProcessHandle> processes;

  /** For a process and all that it has started by now. */
  ProcessMeter(ProcessHandle root) {
    processes = Stream.concat(Stream.of(root), root.descendants()).toList();
  }

  /** All processes. */
  List<ProcessHandle> processes() {
    return processes;
  }

  /** CPU time used since they began, user and system, in steps of 10 ms on most systems. */
  Duration cpu() {
    return processes.stream()
        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
        .reduce(Duration.ZERO, Duration::plus);
  }

  /**
   * The most memory each has ever had, added, in MiB; not a number where the system does not tell.
   */
  double peakMemoryMiB() {
    return processes.stream().mapToDouble(process -> peak(process.pid())).sum();
  }

  private static double peak(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/status"), StandardCharsets.UTF_8)
          .stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1_024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return Double.NaN; // no /proc, or the process has ended, maybe while it was read
    }
  }
}
