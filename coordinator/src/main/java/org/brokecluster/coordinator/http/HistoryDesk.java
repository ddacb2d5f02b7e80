package org.brokecluster.coordinator.http;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.brokecluster.protocol.history.HistoryFilter;
import org.brokecluster.protocol.history.HistoryProtocol;
import org.brokecluster.protocol.history.WhatIf;
import org.brokecluster.protocol.id.RequestId;
import org.jspecify.annotations.Nullable;

/**
 * What the endpoints of the history ask; every question comes to an end by itself. A failure with
 * an {@code ApiException} becomes that error.
 */
public interface HistoryDesk {
  /**
   * The latest requests, newest first.
   *
   * @param limit 1 to 500
   * @param before cursor of an earlier page, or null
   */
  CompletionStage<HistoryProtocol.Page> requests(
      int limit, @Nullable String before, HistoryFilter filter);

  /**
   * A piece of the text of a backup, as the page's one item.
   *
   * @param cursor of an earlier piece, or null for the first
   * @param texts whether what is kept sealed comes too; asked of the first piece only
   */
  CompletionStage<HistoryProtocol.Page> backup(@Nullable String cursor, boolean texts);

  /** Figures over many requests, or over each attempt of them, in groups, as JSON. */
  CompletionStage<String> summary(HistoryFilter filter, String by, boolean attempts);

  /** The cluster at a past moment, as JSON; empty if nothing is recorded so far back. */
  CompletionStage<Optional<String>> past(Instant at);

  /** Folds the history again and compares, as JSON. */
  CompletionStage<String> verify();

  /** Plays recorded requests again under other conditions and compares, as JSON. */
  CompletionStage<String> suppose(WhatIf order);

  /**
   * Records how good an answer was.
   *
   * @param score 1 to 5
   * @param outcome whether nobody rated it, but somebody saw it succeed (5) or not (1)
   * @return whether such a request is known
   */
  CompletionStage<Boolean> rate(RequestId request, int score, boolean outcome);

  /** Forgets who a person's opaque ids stand for, as JSON. */
  CompletionStage<String> forget(String name);
}
