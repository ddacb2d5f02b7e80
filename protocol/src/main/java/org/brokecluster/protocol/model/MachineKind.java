package org.brokecluster.protocol.model;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What has to be alike for speeds measured on one machine to be worth something on another.
 *
 * @param chip name of the processor, with the GPU's cores where they make a difference
 * @param memoryBytes physical memory, 0 if unknown
 * @param timeScale how many times faster than a real one a simulated machine works; absent on a
 *     real one
 */
public record MachineKind(String chip, long memoryBytes, @Nullable Double timeScale) {
  /** For people, such as {@code M2 Ultra with 64 GB}. */
  public String label() {
    var gibibytes = memoryBytes / (double) (1L << 30);
    var memory = memoryBytes > 0 ? " with %.0f GB".formatted(gibibytes) : "";
    var simulated =
        timeScale == null ? "" : String.format(Locale.ROOT, ", simulated x%.4g", timeScale);
    return chip + memory + simulated;
  }
}
