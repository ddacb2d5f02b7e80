package org.brokecluster.node.hardware;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** What {@code sysctl NAME...} prints: a name, a colon and a value on each line. Pure. */
final class SysctlValues {
  private static final Pattern SWAP_USED = Pattern.compile("used\\s*=\\s*([\\d.]+)([KMGT])");

  private final Map<String, String> values = new HashMap<>();

  private SysctlValues() {}

  /** Reads the output; lines of another form are left out. */
  static SysctlValues parse(String output) {
    var parsed = new SysctlValues();
    output
        .lines()
        .forEach(
            line -> {
              int colon = line.indexOf(": ");
              if (colon > 0) {
                parsed.values.put(line.substring(0, colon), line.substring(colon + 2).strip());
              }
            });
    return parsed;
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
  }

  /** A whole number that is not negative. */
  OptionalLong number(String name) {
    return Numbers.whole(values.getOrDefault(name, ""));
  }

  /** A whole number that is above 0 and not huge. */
  OptionalInt count(String name) {
    var number = number(name);
    return number.isPresent() && number.getAsLong() > 0 && number.getAsLong() < 100_000
        ? OptionalInt.of((int) number.getAsLong())
        : OptionalInt.empty();
  }

  /** Bytes of swap in use, from {@code vm.swapusage}. */
  OptionalLong swapUsed() {
    var match = SWAP_USED.matcher(values.getOrDefault("vm.swapusage", ""));
    if (!match.find()) {
      return OptionalLong.empty();
    }
    OptionalDouble amount = Numbers.decimal(match.group(1));
    long unit = 1L << (10 * (1 + "KMGT".indexOf(match.group(2))));
    return amount.isPresent()
        ? OptionalLong.of(Math.round(amount.getAsDouble() * unit))
        : OptionalLong.empty();
  }
}
