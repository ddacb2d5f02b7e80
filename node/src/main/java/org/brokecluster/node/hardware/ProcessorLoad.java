package org.brokecluster.node.hardware;

import java.lang.management.ManagementFactory;
import java.util.OptionalInt;

/** How busy the processor is, as the JDK tells on every system. */
final class ProcessorLoad {
  private ProcessorLoad() {}

  /** Percent of all processors since the last call, 0 to 100; absent if the JDK cannot tell. */
  static OptionalInt percent() {
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system) {
      double load = system.getCpuLoad();
      return load >= 0 && load <= 1
          ? OptionalInt.of((int) Math.round(load * 100))
          : OptionalInt.empty();
    }
    return OptionalInt.empty();
  }
}
