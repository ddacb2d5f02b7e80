package org.brokecluster.node.hardware;

import java.util.Optional;
import org.brokecluster.shared.hardware.Chip;
import oshi.SystemInfo;
import oshi.hardware.HardwareAbstractionLayer;

/**
 * Asks the operating system, unless the configuration answers instead. A chip that is not in the
 * table of {@link Chip} counts as a slow generic one.
 */
public final class OshiHardwareProbe implements HardwareProbe {
  private final HardwareSettings settings;

  /** A probe that prefers the given settings to the system's answers. */
  public OshiHardwareProbe(HardwareSettings settings) {
    this.settings = settings;
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
    return new Hardware(chip, total, available, cores);
  }

  private static Chip chipOf(HardwareAbstractionLayer system) {
    var brand = system.getProcessor().getProcessorIdentifier().getName();
    return Chip.parse(brand).orElseGet(() -> Chip.generic(brand));
  }
}
