package org.brokecluster.coordinator.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/** Points in time as people read them. Pure. */
final class Clock {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private Clock() {}

  /** An ISO instant in this time zone; what is no instant stays as it is. */
  static String time(String instant, ZoneId zone) {
    try {
      return FORMAT.withZone(zone).format(Instant.parse(instant));
    } catch (DateTimeParseException e) {
      return instant;
    }
  }
}
