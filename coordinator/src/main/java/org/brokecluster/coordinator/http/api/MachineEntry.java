package org.brokecluster.coordinator.http.api;

import org.brokecluster.protocol.state.MachineFacts;
import org.brokecluster.protocol.state.MachineLoad;
import org.jspecify.annotations.Nullable;

/**
 * A machine beyond its chip and memory. Whatever could not be read is left out.
 *
 * @param workingSetBytes memory that the GPU may hold at once
 * @param workingSetByHand whether somebody has set that limit
 * @param pressure {@code normal}, {@code warn} or {@code critical}
 * @param availableBytes memory that is free or could be made so without swapping
 * @param power {@code mains} or {@code battery}
 * @param thermal {@code nominal}, {@code fair}, {@code serious} or {@code critical}
 * @param speedLimitPercent speed that heat leaves to the processor
 */
public record MachineEntry(
    @Nullable String system,
    @Nullable String model,
    @Nullable Integer performanceCores,
    @Nullable Integer efficiencyCores,
    @Nullable Integer gpuCores,
    @Nullable Long workingSetBytes,
    @Nullable Boolean workingSetByHand,
    MachineLoad.@Nullable Pressure pressure,
    @Nullable Long availableBytes,
    @Nullable Long swapUsedBytes,
    MachineLoad.@Nullable Power power,
    @Nullable Integer batteryPercent,
    MachineLoad.@Nullable Thermal thermal,
    @Nullable Integer speedLimitPercent,
    @Nullable Integer cpuPercent) {

  /** From what is gossiped; nothing if nothing is. */
  static @Nullable MachineEntry of(@Nullable MachineFacts facts, @Nullable MachineLoad load) {
    if (facts == null && load == null) {
      return null;
    }
    var is = facts == null ? MachineFacts.UNKNOWN : facts;
    var now = load == null ? MachineLoad.UNKNOWN : load;
    return new MachineEntry(
        is.system(),
        is.model(),
        is.performanceCores(),
        is.efficiencyCores(),
        is.gpuCores(),
        is.workingSetBytes(),
        is.workingSetByHand(),
        now.pressure(),
        now.availableBytes(),
        now.swapUsedBytes(),
        now.power(),
        now.batteryPercent(),
        now.thermal(),
        now.speedLimitPercent(),
        now.cpuPercent());
  }
}
