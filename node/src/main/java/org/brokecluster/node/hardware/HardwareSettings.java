package org.brokecluster.node.hardware;

import java.util.Optional;
import java.util.OptionalLong;
import org.brokecluster.shared.config.SettingsReader;
import org.brokecluster.shared.hardware.Chip;

/**
 * What the configuration says about the machine instead of what the system would say ({@code
 * broke.node.chip}, {@code broke.node.memory}).
 *
 * @param chip chip to assume, or nothing to ask the system
 * @param memoryBytes physical memory to assume, or nothing to ask the system
 */
public record HardwareSettings(Optional<Chip> chip, OptionalLong memoryBytes) {
  private static final String CHIP = "broke.node.chip";
  private static final String MEMORY = "broke.node.memory";
  private static final long SMALLEST = 1L << 30;
  private static final long LARGEST = 1L << 43;

  /** Asks the system for everything. */
  public static final HardwareSettings ASK =
      new HardwareSettings(Optional.empty(), OptionalLong.empty());

  /** Reads the two keys. */
  public static HardwareSettings read(SettingsReader reader) {
    var chip = reader.optionalText(CHIP);
    chip.filter(name -> Chip.parse(name).isEmpty())
        .ifPresent(
            name ->
                reader.problem(
                    CHIP,
                    "unknown chip \"%s\"; use one of %s, or leave it empty to ask the system"
                        .formatted(name, Chip.knownNames())));
    var memory = reader.optionalText(MEMORY);
    return new HardwareSettings(
        chip.flatMap(Chip::parse),
        memory.isEmpty()
            ? OptionalLong.empty()
            : OptionalLong.of(reader.bytes(MEMORY, SMALLEST, LARGEST)));
  }
}
