package org.brokecluster.simulation.schedule;

import java.util.List;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.shared.hardware.Chip;
import org.brokecluster.shared.hardware.MemoryEstimate;
import org.brokecluster.shared.hardware.ModelSize;
import org.brokecluster.shared.hardware.SpeedEstimate;

/**
 * A Mac of a fleet.
 *
 * @param memoryBytes physical memory
 * @param models what it has, smallest first
 * @param leaves whether it is a laptop whose lid is closed now and then
 */
record MacSpec(String name, Chip chip, long memoryBytes, List<ModelSpec> models, boolean leaves) {
  /** KV cache that a loaded model sets aside for each of its streams, in tokens. */
  private static final int KV_TOKENS = 2_048;

  /** Copies the list. */
  MacSpec {
    models = List.copyOf(models);
  }

  /** Memory that models may take. */
  long room() {
    return MemoryEstimate.workingSet(memoryBytes);
  }

  /** How fast it runs a model alone. */
  SpeedEstimate speed(ModelSpec model) {
    return SpeedEstimate.of(chip, model.size());
  }

  /**
   * A model on a Mac.
   *
   * @param resident whether it is in memory when a run begins
   * @param slots streams side by side
   * @param cachedPrompts prompts that its server's cache holds
   */
  record ModelSpec(
      String id, Tier tier, ModelSize size, boolean resident, int slots, int cachedPrompts) {
    /** Memory it takes once loaded. */
    long bytes() {
      return MemoryEstimate.residentBytes(size, slots, KV_TOKENS);
    }
  }
}
