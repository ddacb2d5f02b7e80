package org.brokecluster.node.away;

import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Hours of some days of the week, such as {@code mon-fri 09:00-17:30}, {@code sat,sun 00:00-24:00}
 * or {@code 22:00-06:00}. Those that reach over midnight belong to the day on which they begin.
 *
 * @param days days on which they begin
 * @param from first minute of the day, 0 to 1439
 * @param until first minute that does not belong to them any more, 0 to 1440; not {@code from}
 */
public record Hours(Set<DayOfWeek> days, int from, int until) {
  private static final int DAY = 24 * 60;
  private static final String TIME = "(\\d{1,2}):(\\d{2})";
  private static final Pattern FORM =
      Pattern.compile("(?:([a-z,-]+)\\s+)?" + TIME + "\\s*-\\s*" + TIME);
  private static final List<String> NAMES =
      List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

  /** Copies the days. */
  public Hours {
    days = Set.copyOf(days);
  }

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException if there are none in this text
   */
  public static Hours parse(String text) {
    var match = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!match.matches()) {
      throw none(text);
    }
    int from = minutes(match.group(2), match.group(3));
    int until = minutes(match.group(4), match.group(5));
    if (from < 0 || from >= DAY || until < 0 || until > DAY || from == until) {
      throw none(text);
    }
    return new Hours(days(match.group(1) == null ? "mon-sun" : match.group(1), text), from, until);
  }

  private static IllegalArgumentException none(String text) {
    return new IllegalArgumentException(
        "not hours: \"%s\"; write for example \"mon-fri 09:00-17:30\" or \"22:00-06:00\""
            .formatted(text));
  }

  /** Minutes since midnight; below 0 for what is no time. */
  private static int minutes(String hour, String minute) {
    int minutes = Integer.parseInt(minute);
    return minutes < 60 ? Integer.parseInt(hour) * 60 + minutes : -1;
  }

  private static Set<DayOfWeek> days(String list, String text) {
    var days = EnumSet.noneOf(DayOfWeek.class);
    for (var part : list.split(",", -1)) {
      var ends = part.split("-", -1);
      int first = NAMES.indexOf(ends[0]);
      int last = NAMES.indexOf(ends[ends.length - 1]);
      if (ends.length > 2 || first < 0 || last < 0) {
        throw none(text);
      }
      for (int day = first; day != last; day = (day + 1) % NAMES.size()) {
        days.add(DayOfWeek.of(day + 1));
      }
      days.add(DayOfWeek.of(last + 1));
    }
    return days;
  }

  /** Whether this moment is one of them. */
  public boolean contains(LocalDateTime time) {
    int minute = time.getHour() * 60 + time.getMinute();
    var day = time.getDayOfWeek();
    if (from < until) {
      return days.contains(day) && minute >= from && minute < until;
    }
    return (days.contains(day) && minute >= from)
        || (days.contains(day.minus(1)) && minute < until);
  }
}
