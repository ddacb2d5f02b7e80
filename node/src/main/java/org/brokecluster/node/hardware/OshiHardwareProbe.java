package org.brokecluster.node.hardware;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.brokecluster.shared.command.CommandRunner;
import org.brokecluster.shared.command.SystemCommands;
import org.brokecluster.shared.hardware.Chip;
import org.brokecluster.shared.hardware.MemoryEstimate;
import oshi.SystemInfo;
import oshi.hardware.HardwareAbstractionLayer;

/**
 * Asks the operating system, unless the configuration answers instead. A chip that is not in the
 * table of {@link Chip} counts as a slow generic one.
 */
public final class OshiHardwareProbe implements HardwareProbe {
  private static final Duration COMMAND_MAX = Duration.ofSeconds(5);
  private static final String VARIANTS = "Max";
  private static final String LIMIT = "iogpu.wired_limit_mb";

  private final HardwareSettings settings;
  private final CommandRunner commands;

  /** A probe that prefers the given settings to the system's answers. */
  public OshiHardwareProbe(HardwareSettings settings) {
    this(settings, new SystemCommands(COMMAND_MAX));
  }

  OshiHardwareProbe(HardwareSettings settings, CommandRunner commands) {
    this.settings = settings;
    this.commands = commands;
  }

  @Override
  public Hardware probe() {
    int cores = Runtime.getRuntime().availableProcessors();
    if (settings.chip().isPresent() && settings.memoryBytes().isPresent()) {
      long memory = settings.memoryBytes().getAsLong();
      return new Hardware(settings.chip().get(), memory, memory, cores);
    }
    return ask(new SystemInfo().getHardware(), cores);
  }

  private Hardware ask(HardwareAbstractionLayer system, int cores) {
    var chip = settings.chip().or(() -> Optional.of(chipOf(system))).orElseThrow();
    long total = settings.memoryBytes().orElseGet(() -> Math.max(1, system.getMemory().getTotal()));
    long available = Math.max(0, Math.min(total, system.getMemory().getAvailable()));
    return new Hardware(chip, total, available, cores, workingSet(total));
  }

  /** What somebody has set by hand, else the default; only a Mac knows the command's name. */
  private long workingSet(long total) {
    if (settings.memoryBytes().isEmpty()) {
      var limit = commands.run("sysctl", LIMIT).map(SysctlValues::parse).map(v -> v.number(LIMIT));
      if (limit.isPresent() && limit.get().orElse(0) > 0) {
        return Math.min(total, limit.get().getAsLong() << 20);
      }
    }
    return MemoryEstimate.workingSet(total);
  }

  private Chip chipOf(HardwareAbstractionLayer system) {
    var brand = system.getProcessor().getProcessorIdentifier().getName();
    return Chip.parse(brand).map(this::variant).orElseGet(() -> Chip.generic(brand));
  }

  /** Asks for the GPU's cores where they tell two variants apart: the command takes a second. */
  private Chip variant(Chip chip) {
    if (!chip.name().endsWith(VARIANTS)) {
      return chip;
    }
    return commands
        .run("system_profiler", "-json", "SPDisplaysDataType")
        .map(GraphicsProfile::gpuCores)
        .filter(OptionalInt::isPresent)
        .map(cores -> chip.withGpuCores(cores.getAsInt()))
        .orElse(chip);
  }
}
