package org.brokecluster.node.hardware;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.brokecluster.shared.command.CommandRunner;
import org.brokecluster.shared.command.SystemCommands;

/** Finds the probe that fits the operating system. */
public final class MachineProbes {
  private static final Duration COMMAND_MAX = Duration.ofSeconds(5);

  private MachineProbes() {}

  /** The probe of this system; one that knows nothing where nobody has written one. */
  public static MachineProbe ofThisSystem() {
    return forSystem(System.getProperty("os.name", ""));
  }

  /** The probe of a Mac with these commands, or else of this system. */
  public static MachineProbe of(boolean mac, CommandRunner commands) {
    return mac ? new MacMachine(commands) : ofThisSystem();
  }

  /** The probe of a system with this name, as Java tells it. */
  static MachineProbe forSystem(String name) {
    var lower = name.toLowerCase(Locale.ROOT);
    if (lower.contains("mac")) {
      return of(true, new SystemCommands(COMMAND_MAX));
    }
    return lower.contains("linux") ? new LinuxMachine(Path.of("/")) : MachineProbe.NONE;
  }
}
