package org.brokecluster.node.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.brokecluster.protocol.state.MachineFacts;
import org.brokecluster.protocol.state.MachineLoad;
import org.brokecluster.shared.doctor.Finding;
import org.brokecluster.shared.hardware.MemoryEstimate;

/** Judges what is known of the machine. Pure; says nothing about what could not be read. */
final class MachineChecks {
  private static final double GIB = 1L << 30;
  private static final int BATTERY_LOW = 30;

  /** mlx_lm.server sets its own limit to 2048 of 4096 and fails where it may not. */
  private static final long FILES_MIN = 4096;

  /** Of physical memory; beyond it the system itself runs short. */
  private static final double LIMIT_HIGH = 0.92;

  private static final double LIMIT_LOW = 0.55;

  private MachineChecks() {}

  /** How the machine is at the moment. */
  static List<Finding> load(MachineLoad load) {
    var findings = new ArrayList<Finding>();
    pressure(load).ifPresent(findings::add);
    power(load).ifPresent(findings::add);
    heat(load).ifPresent(findings::add);
    return findings;
  }

  private static Optional<Finding> pressure(MachineLoad load) {
    var pressure = load.pressure();
    if (pressure == null) {
      return Optional.empty();
    }
    var swap = load.swapUsedBytes();
    var detail =
        "memory pressure is %s%s"
            .formatted(
                pressure.label(), swap == null || swap == 0 ? "" : ", " + gib(swap) + " swapped");
    return Optional.of(
        switch (pressure) {
          case NORMAL -> Finding.ok("memory", detail);
          case WARN ->
              Finding.note("memory", detail, "close programs, or unload models: ./broke unload");
          case CRITICAL ->
              Finding.bad("memory", detail, "close programs, or unload models: ./broke unload");
        });
  }

  private static Optional<Finding> power(MachineLoad load) {
    if (load.power() != MachineLoad.Power.BATTERY) {
      return Optional.empty();
    }
    var charge = load.batteryPercent();
    var detail = "runs on its battery" + (charge == null ? "" : ", " + charge + " % left");
    return Optional.of(
        Finding.note(
            "power",
            detail,
            charge != null && charge < BATTERY_LOW
                ? "plug it in: it will not serve for long"
                : "plug it in while it serves: macOS slows the GPU down on a battery"));
  }

  private static Optional<Finding> heat(MachineLoad load) {
    var thermal = load.thermal();
    if (thermal == null || thermal == MachineLoad.Thermal.NOMINAL) {
      return Optional.empty();
    }
    var limit = load.speedLimitPercent();
    return Optional.of(
        Finding.note(
            "heat",
            "thermal state is "
                + thermal.label()
                + (limit == null ? "" : ", the processor runs at " + limit + " %"),
            "let it cool down: answers are slower until then"));
  }

  /** What the GPU may hold. */
  static Optional<Finding> workingSet(MachineFacts facts, long memoryBytes) {
    var limit = facts.workingSetBytes();
    if (limit == null || memoryBytes <= 0) {
      return Optional.empty();
    }
    double share = limit / (double) memoryBytes;
    boolean byHand = Boolean.TRUE.equals(facts.workingSetByHand());
    var detail =
        "the GPU may hold %s of %s (%s)"
            .formatted(gib(limit), gib(memoryBytes), byHand ? "set by hand" : "the default");
    if (byHand && share > LIMIT_HIGH) {
      return Optional.of(
          Finding.note(
              "GPU memory",
              detail,
              "too little is left for macOS; sudo sysctl iogpu.wired_limit_mb=0 is the default"));
    }
    if (byHand && share < LIMIT_LOW) {
      return Optional.of(
          Finding.note(
              "GPU memory",
              detail,
              "sudo sysctl iogpu.wired_limit_mb=%d allows as much as the default does"
                  .formatted(MemoryEstimate.workingSet(memoryBytes) >> 20)));
    }
    return Optional.of(Finding.ok("GPU memory", detail));
  }

  /**
   * Files a process may open.
   *
   * @param hard the limit it may raise its own to; absent if there is none or it is not known
   */
  static Optional<Finding> files(OptionalLong hard) {
    if (hard.isEmpty()) {
      return Optional.empty();
    }
    var detail = "a process may open " + hard.getAsLong() + " files";
    return Optional.of(
        hard.getAsLong() >= FILES_MIN
            ? Finding.ok("open files", detail)
            : Finding.bad(
                "open files",
                detail,
                "mlx_lm.server needs 4096: ulimit -Hn 4096, or sudo launchctl limit maxfiles 4096"
                    + " 10240"));
  }

  private static String gib(long bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / GIB);
  }
}
