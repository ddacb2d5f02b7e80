package org.brokecluster.node.hardware;

import org.brokecluster.shared.hardware.Chip;
import org.brokecluster.shared.hardware.MemoryEstimate;

/**
 * The machine a node runs on.
 *
 * @param chip its processor, or a slow generic one if it is not known
 * @param memoryBytes physical memory, above 0
 * @param availableBytes memory that was free or could be freed when this was read, 0 to memoryBytes
 * @param cores logical processors, at least 1
 * @param workingSetBytes memory that models may take in all: what the GPU may hold, above 0
 */
public record Hardware(
    Chip chip, long memoryBytes, long availableBytes, int cores, long workingSetBytes) {
  /** A machine whose GPU may hold what the system allows by default. */
  public Hardware(Chip chip, long memoryBytes, long availableBytes, int cores) {
    this(chip, memoryBytes, availableBytes, cores, MemoryEstimate.workingSet(memoryBytes));
  }

  /** Refuses a machine without memory or cores. */
  public Hardware {
    if (memoryBytes < 1
        || availableBytes < 0
        || availableBytes > memoryBytes
        || cores < 1
        || workingSetBytes < 1) {
      throw new IllegalArgumentException(
          "impossible hardware: memory=%d available=%d cores=%d workingSet=%d"
              .formatted(memoryBytes, availableBytes, cores, workingSetBytes));
    }
  }
}
