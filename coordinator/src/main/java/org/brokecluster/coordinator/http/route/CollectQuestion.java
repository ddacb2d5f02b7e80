package org.brokecluster.coordinator.http.route;

import static org.brokecluster.coordinator.http.error.ApiException.invalid;

import java.util.Optional;
import org.brokecluster.coordinator.collect.TextSource;
import org.brokecluster.protocol.history.ContentFilter;
import org.jspecify.annotations.Nullable;

/** Reads the query parameters of the endpoints of kept texts; what is wrong becomes a 400. */
final class CollectQuestion {
  private static final int RATING_MAX = 5;

  private final Exchange exchange;
  private final HistoryQuestion asked;

  CollectQuestion(Exchange exchange) {
    this.exchange = exchange;
    this.asked = new HistoryQuestion(exchange);
  }

  ContentFilter filter() {
    var common = asked.filter();
    return new ContentFilter(
        common.from(),
        common.to(),
        common.user(),
        text("source").map(text -> source(text).label()).orElse(null),
        common.role(),
        common.model(),
        common.tier(),
        text("rating").map(CollectQuestion::rating).orElse(null));
  }

  int limit() {
    return asked.limit();
  }

  @Nullable String before() {
    return asked.before();
  }

  boolean countOnly() {
    return text("count").filter(value -> value.equals("true")).isPresent();
  }

  /** Whether all of it is wanted, a line each. */
  boolean lines() {
    var format = text("format").orElse("json");
    if (!format.equals("json") && !format.equals("jsonl")) {
      throw invalid("format", "must be json or jsonl");
    }
    return format.equals("jsonl");
  }

  /** The time before which texts are deleted, in milliseconds since 1970; null for all. */
  @Nullable Long erasedBefore() {
    var before = text("before");
    if (before.isPresent()) {
      return HistoryQuestion.instant("before", before.get()).toEpochMilli();
    }
    if (text("all").filter(value -> value.equals("true")).isEmpty()) {
      throw invalid("before", "or all=true: which texts are to be deleted?");
    }
    return null;
  }

  private Optional<String> text(String name) {
    return exchange.query(name).filter(value -> !value.isBlank());
  }

  /** Where texts come from. */
  static TextSource source(String text) {
    return TextSource.parse(text)
        .orElseThrow(() -> invalid("source", "must be page, api, agent, bench or hand"));
  }

  private static int rating(String text) {
    if (text.length() == 1 && text.charAt(0) >= '1' && text.charAt(0) <= '0' + RATING_MAX) {
      return text.charAt(0) - '0';
    }
    throw invalid("rating", "must be 1 to 5: the least one");
  }
}
