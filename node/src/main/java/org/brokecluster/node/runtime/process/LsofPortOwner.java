package org.brokecluster.node.runtime.process;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Asks {@code lsof}, which macOS has. */
final class LsofPortOwner implements PortOwner {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final List<String> PLACES = List.of("/usr/sbin/lsof", "/usr/bin/lsof");

  @Override
  public Holder holder(int port, Set<Long> pids) {
    var program = PLACES.stream().filter(place -> new java.io.File(place).canExecute()).findFirst();
    if (program.isEmpty()) {
      return Holder.UNKNOWN;
    }
    var command = List.of(program.get(), "-nP", "-iTCP:" + port, "-sTCP:LISTEN", "-Fp");
    try {
      return parse(ShortCommand.run(command, PATIENCE), pids);
    } catch (IOException e) {
      return Holder.UNKNOWN;
    }
  }

  /** Reads lines such as {@code p1234}; no output at all means that nobody listens. */
  static Holder parse(Optional<String> output, Set<Long> pids) {
    if (output.isEmpty()) {
      return Holder.UNKNOWN;
    }
    var holders = output.get().lines().filter(line -> line.matches("p\\d{1,10}")).toList();
    if (holders.isEmpty()) {
      return output.get().isBlank() ? Holder.NOBODY : Holder.UNKNOWN;
    }
    return holders.stream().anyMatch(line -> pids.contains(Long.parseLong(line.substring(1))))
        ? Holder.OURS
        : Holder.OTHERS;
  }
}
