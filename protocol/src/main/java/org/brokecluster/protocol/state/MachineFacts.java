package org.brokecluster.protocol.state;

import org.jspecify.annotations.Nullable;

/**
 * What a machine is beyond its chip and memory. Whatever could not be read is absent, never zero.
 *
 * @param system operating system with its version, such as {@code macOS 15.6.1}
 * @param model the maker's name of the model, such as {@code Mac15,14}
 * @param performanceCores fast processor cores
 * @param efficiencyCores slow processor cores
 * @param gpuCores cores of the GPU
 * @param workingSetBytes memory that the GPU may hold at once
 * @param workingSetByHand whether somebody has set that limit, as opposed to the system's default
 */
public record MachineFacts(
    @Nullable String system,
    @Nullable String model,
    @Nullable Integer performanceCores,
    @Nullable Integer efficiencyCores,
    @Nullable Integer gpuCores,
    @Nullable Long workingSetBytes,
    @Nullable Boolean workingSetByHand) {
  /** Nothing could be read. */
  public static final MachineFacts UNKNOWN =
      new MachineFacts(null, null, null, null, null, null, null);
}
