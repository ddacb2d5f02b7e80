package org.brokecluster.coordinator.cli.text;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A moment as a user gives it: as {@link Figures#time} prints it, so that it can be copied from any
 * table, or with its own zone.
 */
public final class Moment implements ITypeConverter<Instant> {
  /** For the description of an option. */
  public static final String FORMS = "2026-11-21, \"2026-11-21 14:03\" or 2026-11-21T14:03:00Z";

  @Override
  public Instant convert(String text) {
    try {
      return of(text, ZoneId.systemDefault());
    } catch (DateTimeException e) {
      throw new TypeConversionException("'" + text + "' is no moment such as " + FORMS);
    }
  }

  /**
   * The beginning of a day, or a moment of it.
   *
   * @param zone of a text that names none
   * @throws DateTimeException if it is neither
   */
  static Instant of(String text, ZoneId zone) {
    var given = text.strip().replace(' ', 'T');
    int day = "2026-11-21".length();
    if (given.length() <= day) {
      return LocalDate.parse(given).atStartOfDay(zone).toInstant();
    }
    boolean zoned = given.substring(day).matches(".*(Z|[+-][0-9:]+)");
    return zoned ? OffsetDateTime.parse(given).toInstant() : local(given, zone);
  }

  private static Instant local(String given, ZoneId zone) {
    return LocalDateTime.parse(given).atZone(zone).toInstant();
  }
}
