package org.brokecluster.tests.machines;

import java.time.Duration;
import java.util.Collection;
import java.util.function.BooleanSupplier;
import org.brokecluster.tests.harness.Await;
import org.brokecluster.tests.harness.BrokeProcess;

/** Waiting for what machines do. */
final class Machines {
  private static final int SHOWN_MAX = 4_000;

  private Machines() {}

  /** Waits for a condition and fails with every log if it does not come true in time. */
  static void await(
      Duration limit, String what, BooleanSupplier condition, Collection<BrokeProcess> processes) {
    Await.until(limit, what, condition, () -> logs(processes));
  }

  private static String logs(Collection<BrokeProcess> processes) {
    var all = new StringBuilder();
    for (var process : processes) {
      var log = process.log();
      all.append("=== ").append(process.name()).append(process.isAlive() ? "" : " (dead)");
      all.append('\n').append(log.substring(Math.max(0, log.length() - SHOWN_MAX))).append('\n');
    }
    return all.toString();
  }
}
