package org.brokecluster.node.hardware;

import org.brokecluster.shared.hardware.Chip;

/**
 * The machine a node runs on.
 *
 * @param chip its processor, or a slow generic one if it is not known
 * @param memoryBytes physical memory, above 0
 * @param availableBytes memory that was free or could be freed when this was read, 0 to memoryBytes
 * @param cores logical processors, at least 1
 */
public record Hardware(Chip chip, long memoryBytes, long availableBytes, int cores) {
  /** Refuses a machine without memory or cores. */
  public Hardware {
    if (memoryBytes < 1 || availableBytes < 0 || availableBytes > memoryBytes || cores < 1) {
      throw new IllegalArgumentException(
          "impossible hardware: memory=%d available=%d cores=%d"
              .formatted(memoryBytes, availableBytes, cores));
    }
  }
}
