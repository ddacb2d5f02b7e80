package org.brokecluster.node.hardware;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.brokecluster.protocol.state.MachineFacts;
import org.brokecluster.protocol.state.MachineLoad;
import org.brokecluster.protocol.state.MachineLoad.Pressure;
import org.brokecluster.shared.command.CommandRunner;
import org.brokecluster.shared.hardware.MemoryEstimate;

/** A Mac, by the commands that macOS has for everybody. Thread safe. */
final class MacMachine implements MachineProbe {
  private static final String LIMIT = "iogpu.wired_limit_mb";
  private static final String PRESSURE = "kern.memorystatus_vm_pressure_level";
  private static final String FREE_PERCENT = "kern.memorystatus_level";

  private final CommandRunner commands;

  MacMachine(CommandRunner commands) {
    this.commands = commands;
  }

  @Override
  public MachineFacts facts() {
    var values =
        sysctl(
            "hw.memsize",
            "hw.model",
            "hw.perflevel0.physicalcpu",
            "hw.perflevel1.physicalcpu",
            "kern.osproductversion",
            LIMIT);
    var gpu =
        commands
            .run("system_profiler", "-json", "SPDisplaysDataType")
            .map(GraphicsProfile::gpuCores)
            .orElse(OptionalInt.empty());
    var limit = values.number(LIMIT);
    boolean byHand = limit.orElse(0) > 0;
    var workingSet = byHand ? OptionalLong.of(limit.getAsLong() << 20) : standard(values);
    return new MachineFacts(
        values.text("kern.osproductversion").map(version -> "macOS " + version).orElse(null),
        values.text("hw.model").orElse(null),
        Numbers.boxed(values.count("hw.perflevel0.physicalcpu")),
        Numbers.boxed(values.count("hw.perflevel1.physicalcpu")),
        Numbers.boxed(gpu),
        Numbers.boxed(workingSet),
        limit.isPresent() ? byHand : null);
  }

  private static OptionalLong standard(SysctlValues values) {
    var memory = values.number("hw.memsize");
    return memory.isPresent()
        ? OptionalLong.of(MemoryEstimate.workingSet(memory.getAsLong()))
        : OptionalLong.empty();
  }

  @Override
  public MachineLoad load() {
    var values = sysctl("hw.memsize", PRESSURE, FREE_PERCENT, "vm.swapusage");
    var power = commands.run("pmset", "-g", "batt").orElse("");
    var thermal = commands.run("pmset", "-g", "therm").orElse("");
    return new MachineLoad(
        pressure(values).orElse(null),
        Numbers.boxed(available(values)),
        Numbers.boxed(values.swapUsed()),
        PowerOutput.source(power).orElse(null),
        Numbers.boxed(PowerOutput.charge(power)),
        ThermalOutput.state(thermal).orElse(null),
        Numbers.boxed(ThermalOutput.speedLimit(thermal)),
        Numbers.boxed(ProcessorLoad.percent()));
  }

  @Override
  public Optional<Duration> untouched() {
    return commands
        .run("ioreg", "-r", "-d", "1", "-c", "IOHIDSystem")
        .flatMap(IdleOutput::untouched);
  }

  private static Optional<Pressure> pressure(SysctlValues values) {
    return switch ((int) values.number(PRESSURE).orElse(0)) {
      case 1 -> Optional.of(Pressure.NORMAL);
      case 2 -> Optional.of(Pressure.WARN);
      case 4 -> Optional.of(Pressure.CRITICAL);
      default -> Optional.empty();
    };
  }

  /** By the system's own percentage; else by its pages. */
  private OptionalLong available(SysctlValues values) {
    var memory = values.number("hw.memsize");
    var percent = Numbers.percent(values.text(FREE_PERCENT).orElse(""));
    if (percent.isEmpty()) {
      percent =
          commands
              .run("memory_pressure", "-Q")
              .map(MemoryPressureOutput::freePercent)
              .orElse(OptionalInt.empty());
    }
    if (memory.isPresent() && percent.isPresent()) {
      return OptionalLong.of(memory.getAsLong() / 100 * percent.getAsInt());
    }
    return commands.run("vm_stat").map(VmStat::availableBytes).orElse(OptionalLong.empty());
  }

  private SysctlValues sysctl(String... names) {
    var command = new String[names.length + 1];
    command[0] = "sysctl";
    System.arraycopy(names, 0, command, 1, names.length);
    return SysctlValues.parse(commands.run(command).orElse(""));
  }
}
