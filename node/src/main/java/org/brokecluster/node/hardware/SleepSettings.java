package org.brokecluster.node.hardware;

import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * When a Mac goes to sleep by itself, from {@code pmset -g} or {@code pmset -g custom}. Pure.
 *
 * @param minutes idle minutes until it sleeps, 0 for never; absent if it is not said
 * @param keptAwake whether a program keeps it awake at the moment
 */
public record SleepSettings(OptionalInt minutes, boolean keptAwake) {
  private static final Pattern SLEEP = Pattern.compile("(?m)^\\s*sleep\\s+(\\d+)(.*)$");
  private static final String ON_MAINS = "AC Power:";
  private static final String ON_BATTERY = "Battery Power:";
  private static final int MINUTES_MAX = 10_000;

  /** Reads the output; where it has a part for the mains, that part is meant. */
  public static SleepSettings parse(String output) {
    var match = SLEEP.matcher(mains(output));
    if (!match.find()) {
      return new SleepSettings(OptionalInt.empty(), false);
    }
    var minutes = Numbers.whole(match.group(1));
    boolean known = minutes.isPresent() && minutes.getAsLong() <= MINUTES_MAX;
    return new SleepSettings(
        known ? OptionalInt.of((int) minutes.getAsLong()) : OptionalInt.empty(),
        match.group(2).contains("sleep prevented by"));
  }

  private static String mains(String output) {
    int start = output.indexOf(ON_MAINS);
    if (start < 0) {
      return output;
    }
    int end = output.indexOf(ON_BATTERY, start);
    return end < 0 ? output.substring(start) : output.substring(start, end);
  }
}
