package org.brokecluster.shared.hardware;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A processor as far as model speed goes.
 *
 * <p>Bandwidths are Apple's figures. Three Max chips come in two variants that differ by the number
 * of GPU cores, which the brand name does not tell: without that number the smaller one is taken,
 * {@link #withGpuCores} finds the larger one. Prefill factors are ratios of GPU compute to an M4
 * Max as seen in public llama.cpp prompt-processing runs of 7B and 8B models (M2 Ultra ~1160 tok/s,
 * M1 Max ~500, M4 ~225); those of M5 chips, which have matrix units, are set below Apple's claim of
 * 3 to 4 times an M4. All of it is a first estimate: measurements of the node's own answers replace
 * it.
 *
 * @param name such as {@code M2 Ultra}, or the given brand name of a chip that is not Apple's
 * @param bandwidth memory bandwidth in GB/s, above 0
 * @param prefillFactor prompt reading speed relative to an M4 Max, above 0
 * @param diskSpeed sequential read speed of the internal disk in GB/s, above 0
 */
public record Chip(String name, double bandwidth, double prefillFactor, double diskSpeed) {
  private static final Pattern NAME =
      Pattern.compile(
          "(?:apple\\s+)?m(\\d)(?:\\s+(pro|max|ultra))?(?:[\\s(]+(\\d{1,3})(?:-core\\s+gpu\\)?)?)?",
          Pattern.CASE_INSENSITIVE);

  /** Fewest GPU cores of the larger variants. */
  private static final int LARGER_FROM = 40;

  private static final List<Chip> LARGER =
      List.of(
          new Chip("M3 Max (40-core GPU)", 400, 1.1, 5),
          new Chip("M4 Max (40-core GPU)", 546, 1.0, 7),
          new Chip("M5 Max (40-core GPU)", 614, 3.1, 7));

  private static final List<Chip> KNOWN =
      List.of(
          new Chip("M1", 68, 0.13, 2.5),
          new Chip("M1 Pro", 200, 0.30, 5),
          new Chip("M1 Max", 400, 0.60, 5),
          new Chip("M1 Ultra", 800, 1.15, 7),
          new Chip("M2", 100, 0.20, 2.5),
          new Chip("M2 Pro", 200, 0.38, 5),
          new Chip("M2 Max", 400, 0.75, 5),
          new Chip("M2 Ultra", 800, 1.40, 7),
          new Chip("M3", 100, 0.21, 2.5),
          new Chip("M3 Pro", 150, 0.38, 5),
          new Chip("M3 Max", 300, 0.85, 5),
          new Chip("M3 Ultra", 819, 1.65, 7),
          new Chip("M4", 120, 0.25, 2.5),
          new Chip("M4 Pro", 273, 0.50, 5),
          new Chip("M4 Max", 410, 0.8, 7),
          new Chip("M5", 153, 0.75, 5),
          new Chip("M5 Pro", 307, 1.5, 5),
          new Chip("M5 Max", 460, 2.5, 7));

  /** Refuses figures that would make a prediction infinite. */
  public Chip {
    if (!(bandwidth > 0) || !(prefillFactor > 0) || !(diskSpeed > 0)) {
      throw new IllegalArgumentException(
          "chip figures must be above 0: chip=%s bandwidth=%s prefill=%s disk=%s"
              .formatted(name, bandwidth, prefillFactor, diskSpeed));
    }
  }

  /**
   * The Apple chip of this name, such as {@code M2 Ultra}, {@code Apple M3 Max}, {@code m1} or
   * {@code M4 Max 40}, the number being its GPU cores; nothing if it is not in the table.
   */
  public static Optional<Chip> parse(String name) {
    var match = NAME.matcher(name.strip());
    if (!match.matches()) {
      return Optional.empty();
    }
    var variant = match.group(2);
    var wanted = "m" + match.group(1) + (variant == null ? "" : " " + variant);
    return KNOWN.stream()
        .filter(chip -> chip.name.equalsIgnoreCase(wanted.toLowerCase(Locale.ROOT)))
        .findFirst()
        .map(chip -> match.group(3) == null ? chip : chip.withGpuCores(number(match.group(3))));
  }

  private static int number(String digits) {
    return Integer.parseInt(digits);
  }

  /**
   * The variant of this chip that has so many GPU cores; this one where there are no variants.
   *
   * @param gpuCores as the system tells, at least 0
   */
  public Chip withGpuCores(int gpuCores) {
    if (gpuCores < LARGER_FROM) {
      return this;
    }
    return LARGER.stream().filter(each -> each.name.startsWith(name)).findFirst().orElse(this);
  }

  /**
   * A chip that is not in the table: as slow as a PC with two channels of DDR4 memory and no GPU,
   * so that predictions err towards waiting longer.
   */
  public static Chip generic(String brandName) {
    return new Chip(brandName.isBlank() ? "unknown chip" : brandName.strip(), 40, 0.03, 1.0);
  }

  /** Names of all chips in the table, oldest first. */
  public static List<String> knownNames() {
    var names = new ArrayList<String>();
    KNOWN.forEach(chip -> names.add(chip.name));
    return List.copyOf(names);
  }
}
