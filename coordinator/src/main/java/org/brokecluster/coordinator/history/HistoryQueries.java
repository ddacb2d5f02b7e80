package org.brokecluster.coordinator.history;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.brokecluster.coordinator.history.store.Database;
import org.brokecluster.coordinator.history.store.EventReader;
import org.brokecluster.coordinator.history.store.HistoryReader;
import org.brokecluster.coordinator.history.store.LearnedReader;
import org.brokecluster.protocol.history.HistoryFilter;
import org.brokecluster.protocol.history.WhatIf;
import org.brokecluster.protocol.id.RequestId;
import org.jspecify.annotations.Nullable;

/**
 * Questions to the history, answered on its dispatcher: first what was emitted before is given a
 * moment to be stored, then the database is asked. A bounded number at once. Thread safe; a stage
 * fails with a {@link HistoryUnavailable} that people can read.
 */
final class HistoryQueries {

  private final RoutingHistory history;
  private final HistoryReader reader;
  private final Executor executor;
  private final Semaphore permits;
  private final int permitsMax;
  private final Duration patience;
  private final Database database;
  private final People people;
  private final Supposition supposition;
  private final AtomicBoolean supposing = new AtomicBoolean();
  private @Nullable CompletableFuture<String> verifying;

  HistoryQueries(
      RoutingHistory history,
      HistoryReader reader,
      Executor executor,
      HistorySettings settings,
      Database database,
      People people,
      Supposition supposition) {
    this.history = history;
    this.reader = reader;
    this.executor = executor;
    this.permitsMax = settings.queries();
    this.patience = settings.queryWait();
    this.permits = new Semaphore(permitsMax);
    this.database = database;
    this.people = people;
    this.supposition = supposition;
  }

  /** A question to the database. */
  private interface Question<T> {
    T ask() throws SQLException;
  }

  /** The history cannot answer; the message says why. */
  static final class HistoryUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HistoryUnavailable(String message) {
      super(message);
    }
  }

  /** Whether nothing sensible was asked. */
  static boolean isMisuse(Throwable failure) {
    return cause(failure) instanceof IllegalArgumentException;
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  /** What routers before this term learned; blocks. */
  LearnedReader.Found learnedBefore(long term) {
    try (var connection = database.connect()) {
      return LearnedReader.before(connection, term);
    } catch (SQLException e) {
      throw new CompletionException(e);
    }
  }

  /** What went wrong, for people. */
  String reason(Throwable failure) {
    var cause = cause(failure);
    return cause instanceof HistoryUnavailable || cause instanceof IllegalArgumentException
        ? String.valueOf(cause.getMessage())
        : "the history cannot be read: " + database.reason(cause);
  }

  CompletionStage<HistoryReader.RequestPage> requests(
      int limit, @Nullable String before, HistoryFilter filter) {
    return flushed(() -> reader.requests(limit, before, filter));
  }

  /**
   * A piece of the text of a backup; only the first waits for what was emitted before. Whoever
   * makes a backup asks for one piece at a time, and none is turned away in the midst of it.
   */
  CompletionStage<HistoryReader.RequestPage> backup(@Nullable String cursor, boolean texts) {
    return cursor == null
        ? flushed(() -> reader.backup(null, texts, Instant.now()))
        : CompletableFuture.supplyAsync(
            () -> ask(() -> reader.backup(cursor, texts, Instant.now())), executor);
  }

  CompletionStage<String> summary(HistoryFilter filter, String by, boolean attempts) {
    return flushed(() -> reader.summary(filter, by, attempts));
  }

  CompletionStage<Optional<String>> past(Instant at) {
    return flushed(() -> reader.past(at));
  }

  /** What would have happened otherwise, as JSON; one at a time. */
  CompletionStage<String> suppose(WhatIf order) {
    return flushed(
        () -> {
          if (!supposing.compareAndSet(false, true)) {
            throw new HistoryUnavailable("another what-if replay is under way, ask again");
          }
          try {
            return supposed(order);
          } finally {
            supposing.set(false);
          }
        });
  }

  private String supposed(WhatIf order) throws SQLException {
    var last = EventReader.last(database);
    if (last.isEmpty()) {
      throw new IllegalArgumentException("nothing is recorded yet that could be replayed");
    }
    var to = order.to() == null ? last.get().plusMillis(1) : order.to();
    var from = order.from() == null ? to.minus(Duration.ofHours(WhatIf.HOURS)) : order.from();
    var hearing =
        supposition.begin(
            new WhatIf(from, to, order.strategy(), order.settings(), order.without(), order.add()));
    EventReader.read(database, from, to, hearing::event);
    return hearing.answer();
  }

  /** How many ids stand for nobody from now on, and how many texts are deleted, as JSON. */
  CompletionStage<String> forget(String name) {
    return flushed(
        () -> {
          var gone = people.forget(database, name);
          return JsonNodeFactory.instance
              .objectNode()
              .put("forgotten", gone.ids())
              .put("texts", gone.texts())
              .toString();
        });
  }

  CompletionStage<Optional<String>> request(RequestId request) {
    return flushed(() -> reader.request(request));
  }

  /** The report as JSON; who asks while one is being made gets the same. */
  synchronized CompletionStage<String> verify() {
    if (verifying == null || verifying.isDone()) {
      verifying = flushed(this::verified).toCompletableFuture();
    }
    return verifying;
  }

  private String verified() throws SQLException {
    long start = System.nanoTime();
    var report = reader.verify();
    return report.json((System.nanoTime() - start) / 1e9);
  }

  private <T> CompletionStage<T> flushed(Question<T> question) {
    return history
        .opening(patience)
        .thenCompose(status -> status.isOpen() ? history.flush(patience) : unavailable())
        .thenCompose(done -> now(question));
  }

  private <T> CompletionStage<T> now(Question<T> question) {
    if (!history.status().isOpen()) {
      return unavailable();
    }
    if (!permits.tryAcquire()) {
      return CompletableFuture.failedFuture(
          new HistoryUnavailable(
              "the history is answering %d questions already, ask again".formatted(permitsMax)));
    }
    return CompletableFuture.supplyAsync(() -> ask(question), executor)
        .whenComplete((answer, failure) -> permits.release());
  }

  private static <T> T ask(Question<T> question) {
    try {
      return question.ask();
    } catch (SQLException e) {
      throw new CompletionException(e);
    }
  }

  private <T> CompletionStage<T> unavailable() {
    return CompletableFuture.failedFuture(
        new HistoryUnavailable("the history is off: " + history.status().reason()));
  }
}
