package org.brokecluster.coordinator.http.route;

import static org.brokecluster.coordinator.http.error.ApiException.invalid;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.error.ApiException;
import org.brokecluster.protocol.history.HistoryFilter;
import org.jspecify.annotations.Nullable;

/** Reads the query parameters of the history's endpoints; what is wrong becomes a 400. */
final class HistoryQuestion {
  /** Requests on a page at most. */
  static final int PAGE_MAX = 500;

  private static final int PAGE_DEFAULT = 50;
  private static final List<String> STATES =
      List.of("open", "completed", "failed", "cancelled", "refused", "handed-over");

  private final Exchange exchange;

  HistoryQuestion(Exchange exchange) {
    this.exchange = exchange;
  }

  /** How requests are written. */
  enum Format {
    JSON,
    JSONL,
    CSV,
    USAGE
  }

  HistoryFilter filter() {
    return new HistoryFilter(
        text("from").map(value -> instant("from", value)).orElse(null),
        text("to").map(value -> instant("to", value)).orElse(null),
        text("user").orElse(null),
        text("role").orElse(null),
        text("model").orElse(null),
        text("node").orElse(null),
        text("status").map(HistoryQuestion::status).orElse(null),
        text("tier").orElse(null),
        text("strategy").orElse(null),
        text("slow").map(HistoryQuestion::slow).orElse(null),
        text("rescued").map(value -> truth("rescued", value)).orElse(null));
  }

  Format format() {
    var name = text("format").orElse("json");
    for (var format : Format.values()) {
      if (format.name().toLowerCase(Locale.ROOT).equals(name)) {
        return format;
      }
    }
    throw invalid("format", "must be json, jsonl, csv or usage");
  }

  int limit() {
    return text("limit").map(HistoryQuestion::limit).orElse(PAGE_DEFAULT);
  }

  @Nullable String before() {
    return text("before").orElse(null);
  }

  String by() {
    return text("by").orElse("model");
  }

  /** Whether figures are of attempts and not of requests. */
  boolean attempts() {
    var of = text("of").orElse("requests");
    if (!of.equals("requests") && !of.equals("attempts")) {
      throw invalid("of", "must be requests or attempts");
    }
    return of.equals("attempts");
  }

  /** Whether what is kept sealed comes too. */
  boolean texts() {
    return text("texts").map(value -> truth("texts", value)).orElse(false);
  }

  Instant time() {
    return instant(
        "time",
        text("time").orElseThrow(() -> invalid("time", "which moment? time=2026-11-21T14:03Z")));
  }

  /**
   * A moment as 2026-11-21T14:03:07Z, with less after the day, or a day for its beginning (UTC).
   */
  static Instant instant(String name, String text) {
    try {
      return text.length() == "2026-11-21".length()
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : java.time.OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw invalid(name, "must be a moment such as 2026-11-21T14:03:07Z, or a day");
    }
  }

  private Optional<String> text(String name) {
    return exchange.query(name).filter(value -> !value.isBlank());
  }

  private static String status(String text) {
    if (STATES.contains(text)) {
      return text;
    }
    throw invalid("status", "must be one of " + String.join(", ", STATES));
  }

  private static long slow(String text) {
    try {
      double seconds = Double.parseDouble(text);
      if (seconds >= 0 && seconds <= 1e6) {
        return Math.round(seconds * 1000);
      }
    } catch (NumberFormatException e) {
      throw invalid("slow", "must be a number of seconds");
    }
    throw invalid("slow", "must be a number of seconds, at least 0");
  }

  private static boolean truth(String name, String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw invalid(name, "must be true or false");
    }
    return text.equals("true");
  }

  private static int limit(String text) {
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= PAGE_MAX) {
        return limit;
      }
    } catch (NumberFormatException e) {
      throw new ApiException(
          ApiError.invalid(
              "limit", "invalid_type", "limit must be a whole number, 1 to " + PAGE_MAX));
    }
    throw new ApiException(
        ApiError.invalid("limit", "out_of_range", "limit must be between 1 and " + PAGE_MAX));
  }
}
