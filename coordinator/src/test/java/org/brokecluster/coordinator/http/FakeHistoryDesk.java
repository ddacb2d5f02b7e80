package org.brokecluster.coordinator.http;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.brokecluster.protocol.history.HistoryFilter;
import org.brokecluster.protocol.history.HistoryProtocol;
import org.brokecluster.protocol.history.WhatIf;
import org.brokecluster.protocol.id.RequestId;
import org.jspecify.annotations.Nullable;

/** A history of two pages that remembers what it was asked. */
final class FakeHistoryDesk implements HistoryDesk {
  private final List<String> orders;

  FakeHistoryDesk(List<String> orders) {
    this.orders = orders;
  }

  @Override
  public CompletionStage<HistoryProtocol.Page> requests(
      int limit, @Nullable String before, HistoryFilter filter) {
    orders.add(
        "history " + limit + " " + before + (filter.equals(HistoryFilter.ALL) ? "" : " " + filter));
    return done(
        "7".equals(before)
            ? new HistoryProtocol.Page(
                List.of("{\"request\":\"r3\",\"error\":\"=a, \\\"b\\\"\",\"totalMs\":5}"), null)
            : new HistoryProtocol.Page(List.of("{\"id\":1}", "{\"id\":2}"), "7"));
  }

  @Override
  public CompletionStage<HistoryProtocol.Page> backup(@Nullable String cursor, boolean texts) {
    orders.add("backup " + cursor + (texts ? " with texts" : ""));
    return done(
        cursor == null
            ? new HistoryProtocol.Page(List.of("{\"kind\":\"hea"), "c1")
            : new HistoryProtocol.Page(List.of("der\"}\n"), cursor.equals("c1") ? "c2" : null));
  }

  @Override
  public CompletionStage<String> summary(HistoryFilter filter, String by, boolean attempts) {
    orders.add("summary " + by + (attempts ? " of attempts " : " ") + filter);
    return done("{\"by\":\"" + by + "\"}");
  }

  @Override
  public CompletionStage<Optional<String>> past(Instant at) {
    orders.add("past " + at);
    return done(
        at.isBefore(Instant.EPOCH) ? Optional.empty() : Optional.of("{\"at\":\"" + at + "\"}"));
  }

  @Override
  public CompletionStage<String> verify() {
    return done("{\"result\":\"identical\"}");
  }

  @Override
  public CompletionStage<String> suppose(WhatIf order) {
    orders.add(order.toString());
    return done("{\"supposed\":true}");
  }

  @Override
  public CompletionStage<Boolean> rate(RequestId request, int score, boolean outcome) {
    orders.add((outcome ? "outcome " : "rate ") + request + " " + score);
    return done(request.value().equals("known"));
  }

  @Override
  public CompletionStage<String> forget(String name) {
    orders.add("forget " + name);
    return done("{\"forgotten\":1}");
  }

  private static <T> CompletionStage<T> done(T value) {
    return CompletableFuture.completedFuture(value);
  }
}
