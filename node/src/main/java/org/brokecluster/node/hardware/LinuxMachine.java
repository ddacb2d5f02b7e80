package org.brokecluster.node.hardware;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.brokecluster.protocol.state.MachineFacts;
import org.brokecluster.protocol.state.MachineLoad;
import org.brokecluster.protocol.state.MachineLoad.Power;
import org.brokecluster.protocol.state.MachineLoad.Thermal;
import org.jspecify.annotations.Nullable;

/** A Linux machine, by the files of {@code /proc} and {@code /sys}. Thread safe. */
final class LinuxMachine implements MachineProbe {
  private static final int FILE_MAX = 64 * 1024;
  private static final int TRIPS_MAX = 16;
  private static final int LISTED_MAX = 64;

  private final Path root;

  /** Reads below this folder, which is {@code /} but for tests. */
  LinuxMachine(Path root) {
    this.root = root;
  }

  @Override
  public MachineFacts facts() {
    return new MachineFacts(
        read("etc/os-release").flatMap(ProcFiles::systemName).orElse(null),
        read("sys/devices/virtual/dmi/id/product_name").map(String::strip).orElse(null),
        null,
        null,
        null,
        null,
        null);
  }

  @Override
  public MachineLoad load() {
    var memory = read("proc/meminfo").orElse("");
    var batteries = supplies("Battery");
    return new MachineLoad(
        read("proc/pressure/memory").flatMap(ProcFiles::pressure).orElse(null),
        Numbers.boxed(ProcFiles.memory(memory, "MemAvailable")),
        Numbers.boxed(swapUsed(memory)),
        power(batteries).orElse(null),
        Numbers.boxed(charge(batteries)),
        thermal(),
        null,
        Numbers.boxed(ProcessorLoad.percent()));
  }

  private static OptionalLong swapUsed(String memory) {
    var total = ProcFiles.memory(memory, "SwapTotal");
    var free = ProcFiles.memory(memory, "SwapFree");
    return total.isPresent() && free.isPresent()
        ? OptionalLong.of(Math.max(0, total.getAsLong() - free.getAsLong()))
        : OptionalLong.empty();
  }

  /** A supply that is plugged in counts first; without any, a battery that empties. */
  private Optional<Power> power(List<Path> batteries) {
    var online = supplies("Mains").stream().flatMap(each -> line(each, "online").stream()).toList();
    if (online.contains("1")) {
      return Optional.of(Power.MAINS);
    }
    boolean discharging =
        batteries.stream()
            .anyMatch(each -> line(each, "status").equals(Optional.of("Discharging")));
    return discharging || (online.contains("0") && !batteries.isEmpty())
        ? Optional.of(Power.BATTERY)
        : Optional.empty();
  }

  private OptionalInt charge(List<Path> batteries) {
    return batteries.stream()
        .map(battery -> Numbers.percent(line(battery, "capacity").orElse("")))
        .filter(OptionalInt::isPresent)
        .findFirst()
        .orElse(OptionalInt.empty());
  }

  /** Power supplies of a type that belong to the machine and not to a mouse or keyboard. */
  private List<Path> supplies(String type) {
    return list("sys/class/power_supply").stream()
        .filter(supply -> line(supply, "type").equals(Optional.of(type)))
        .filter(supply -> !line(supply, "scope").equals(Optional.of("Device")))
        .toList();
  }

  /** The hottest zone, by the highest of its own trip points that it has reached. */
  private @Nullable Thermal thermal() {
    Thermal worst = null;
    for (var zone : list("sys/class/thermal")) {
      var state = zone.getFileName().toString().startsWith("thermal_zone") ? zone(zone) : null;
      if (state != null && (worst == null || state.compareTo(worst) > 0)) {
        worst = state;
      }
    }
    return worst;
  }

  private @Nullable Thermal zone(Path zone) {
    var temperature = Numbers.whole(line(zone, "temp").orElse(""));
    if (temperature.isEmpty()) {
      return null;
    }
    Thermal reached = null;
    for (int trip = 0; trip < TRIPS_MAX; trip++) {
      var limit = Numbers.whole(line(zone, "trip_point_" + trip + "_temp").orElse(""));
      var meaning = meaning(line(zone, "trip_point_" + trip + "_type").orElse(""));
      if (limit.orElse(0) > 0 && meaning != null) {
        var state = temperature.getAsLong() >= limit.getAsLong() ? meaning : Thermal.NOMINAL;
        reached = reached == null || state.compareTo(reached) > 0 ? state : reached;
      }
    }
    return reached;
  }

  private static @Nullable Thermal meaning(String tripType) {
    return switch (tripType) {
      case "passive" -> Thermal.FAIR;
      case "hot" -> Thermal.SERIOUS;
      case "critical" -> Thermal.CRITICAL;
      default -> null;
    };
  }

  private List<Path> list(String folder) {
    var found = new ArrayList<Path>();
    try (var entries = Files.newDirectoryStream(root.resolve(folder))) {
      for (var entry : entries) {
        if (found.size() < LISTED_MAX) {
          found.add(entry);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return List.of(); // Absent on many machines, which is an answer too.
    }
    found.sort(null);
    return found;
  }

  private static Optional<String> line(Path folder, String file) {
    return text(folder.resolve(file)).map(String::strip).filter(text -> !text.isEmpty());
  }

  private Optional<String> read(String file) {
    return text(root.resolve(file));
  }

  private static Optional<String> text(Path file) {
    try (var in = Files.newInputStream(file)) {
      return Optional.of(new String(in.readNBytes(FILE_MAX), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Optional.empty(); // What cannot be read is absent.
    }
  }
}
