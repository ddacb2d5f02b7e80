package org.brokecluster.node.doctor;

import java.util.Optional;
import org.brokecluster.node.hardware.SleepSettings;
import org.brokecluster.shared.doctor.Finding;

/** Judges what only a Mac has. Pure; says nothing about what could not be read. */
final class MacChecks {
  private MacChecks() {}

  /**
   * Whether it goes to sleep while it should serve.
   *
   * @param pmset what {@code pmset -g} prints
   */
  static Optional<Finding> sleep(String pmset) {
    var settings = SleepSettings.parse(pmset);
    if (settings.minutes().isEmpty()) {
      return Optional.empty();
    }
    int minutes = settings.minutes().getAsInt();
    if (minutes == 0 || settings.keptAwake()) {
      return Optional.of(
          Finding.ok("sleep", minutes == 0 ? "stays awake" : "a program keeps it awake"));
    }
    return Optional.of(
        Finding.note(
            "sleep",
            "goes to sleep when idle for %d min".formatted(minutes),
            "sudo pmset -c sleep 0 keeps it awake on mains; a Mac that sleeps answers nobody"));
  }

  /**
   * Whether a firewall may keep the other machines out.
   *
   * @param state what {@code socketfilterfw --getglobalstate} prints
   * @param lan whether this host is to be reached by others at all
   */
  static Optional<Finding> firewall(String state, boolean lan) {
    if (state.contains("disabled") || state.contains("State = 0")) {
      return Optional.of(Finding.ok("firewall", "is off"));
    }
    if (!state.contains("enabled")) {
      return Optional.empty();
    }
    return Optional.of(
        lan
            ? Finding.note(
                "firewall",
                "is on",
                "allow incoming connections for java in System Settings > Network > Firewall, or"
                    + " other machines cannot join")
            : Finding.ok("firewall", "is on, and nothing here is for other machines"));
  }

  /**
   * Whether macOS may ask before a program talks to the network around it.
   *
   * @param version such as {@code 15.6.1}
   */
  static Optional<Finding> localNetwork(String version, boolean lan) {
    var major = version.strip().split("\\.", -1)[0];
    boolean asks = major.matches("\\d{1,3}") && Integer.parseInt(major) >= 15;
    return asks && lan
        ? Optional.of(
            Finding.note(
                "local network",
                "macOS " + version.strip() + " asks before a program may use it",
                "if machines do not find each other: System Settings > Privacy & Security > Local"
                    + " Network, allow the terminal that runs ./broke"))
        : Optional.empty();
  }
}
