package org.brokecluster.node.away;

import java.util.Locale;

/** Finds what tells of sleep on this system. */
public final class SleepSources {
  private SleepSources() {}

  /** The source of this system; one that never tells anything where nobody has written one. */
  public static SleepSource ofThisSystem() {
    var name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (name.contains("mac")) {
      return new MacSleep();
    }
    return name.contains("linux") ? new LinuxSleep() : SleepSource.NONE;
  }
}
