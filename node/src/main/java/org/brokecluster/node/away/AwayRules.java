package org.brokecluster.node.away;

import java.util.LinkedHashSet;
import java.util.Set;
import org.brokecluster.node.hardware.OwnerSigns;
import org.brokecluster.protocol.state.MachineLoad;
import org.brokecluster.protocol.state.MachineLoad.Power;
import org.brokecluster.protocol.state.MachineLoad.Pressure;

/**
 * Why a machine had better give its work away, by what it tells of itself. What once was a reason
 * stays one until it is clearly over, so that nothing moves to and fro. What is not known is no
 * reason. Pure and not thread safe.
 */
public final class AwayRules {
  /** Percent above the floor from which a battery is good enough again. */
  private static final int BATTERY_MARGIN = 5;

  private final AwaySettings settings;
  private final Set<Reason> reasons = new LinkedHashSet<>();

  /** Why a machine gives its work away. */
  public enum Reason {
    /** It runs on its battery, and there is little left. */
    BATTERY("the battery is nearly empty"),
    /** Its system is about to end programs to get memory. */
    MEMORY("memory is critically short"),
    /** It runs on its battery, and its owner wants it to work on mains only. */
    UNPLUGGED("it is not plugged in"),
    /** Its owner wants to have it alone at this time. */
    HOURS("these are its owner's hours"),
    /** Its owner works at it. */
    OWNER("its owner is at work on it");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    /** For people. */
    public String text() {
      return text;
    }
  }

  /** A machine of which nothing is known. */
  public AwayRules(AwaySettings settings) {
    this.settings = settings;
  }

  /** What speaks for it now; empty if it may work. */
  public Set<Reason> look(MachineLoad machine, OwnerSigns owner) {
    set(Reason.BATTERY, lowBattery(machine));
    set(Reason.MEMORY, settings.memoryCritical() && shortOfMemory(machine));
    set(Reason.UNPLUGGED, settings.onBattery() && machine.power() == Power.BATTERY);
    set(Reason.HOURS, settings.hours().stream().anyMatch(hours -> hours.contains(owner.at())));
    set(Reason.OWNER, isUsed(owner));
    return Set.copyOf(reasons);
  }

  private boolean isUsed(OwnerSigns owner) {
    var untouched = owner.untouched();
    return untouched != null && untouched.compareTo(settings.untouched()) < 0;
  }

  private void set(Reason reason, boolean holds) {
    if (holds) {
      reasons.add(reason);
    } else {
      reasons.remove(reason);
    }
  }

  private boolean lowBattery(MachineLoad machine) {
    var percent = machine.batteryPercent();
    if (settings.batteryFloor() == 0 || machine.power() != Power.BATTERY || percent == null) {
      return false;
    }
    int margin = reasons.contains(Reason.BATTERY) ? BATTERY_MARGIN : 0;
    return percent < settings.batteryFloor() + margin;
  }

  private boolean shortOfMemory(MachineLoad machine) {
    return machine.pressure() == Pressure.CRITICAL
        || (machine.pressure() == Pressure.WARN && reasons.contains(Reason.MEMORY));
  }
}
