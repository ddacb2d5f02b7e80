package org.brokecluster.coordinator.cli.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** Speeds as people read them. Pure. */
public final class SpeedText {
  private static final int MINUTE = 60;
  private static final int HOUR = 60 * MINUTE;
  private static final int DAY = 24 * HOUR;

  private SpeedText() {}

  /** Tokens a second, with a mark if they are an estimate. */
  public static String perSecond(JsonNode speed, String name) {
    var value = Json.decimal(speed, name);
    return value.isPresent() ? mark(speed) + rate(value.getAsDouble()) : "-";
  }

  /** {@code 43.2/s}. */
  public static String rate(double perSecond) {
    return String.format(Locale.ROOT, perSecond < 100 ? "%.1f/s" : "%.0f/s", perSecond);
  }

  /** Time to load, with a mark if it is an estimate. */
  public static String load(JsonNode speed) {
    var seconds = Json.decimal(speed, "loadSeconds");
    return seconds.isPresent()
        ? mark(speed) + Figures.millis(Math.round(seconds.getAsDouble() * 1000))
        : "-";
  }

  private static String mark(JsonNode speed) {
    return Json.text(speed, "basis").equals("measured") || Json.flag(speed, "measured") ? "" : "~";
  }

  /** How often, and how long ago: {@code 12 times, 2 h ago}. */
  public static String measured(JsonNode speed, long now) {
    var samples = Json.number(speed, "samples").orElse(0);
    var at = Json.number(speed, "measuredAt");
    if (samples == 0) {
      return Json.text(speed, "basis").equals("baseline") ? "on another machine" : "-";
    }
    var times = samples == 1 ? "once" : samples + " times";
    return at.isPresent() ? times + ", " + ago(now - at.getAsLong()) : times;
  }

  private static String ago(long seconds) {
    if (seconds < 2 * MINUTE) {
      return "just now";
    }
    if (seconds < 2 * HOUR) {
      return seconds / MINUTE + " min ago";
    }
    return seconds < 2 * DAY ? seconds / HOUR + " h ago" : seconds / DAY + " days ago";
  }
}
