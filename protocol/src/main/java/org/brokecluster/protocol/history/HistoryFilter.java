package org.brokecluster.protocol.history;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which requests a question is about; every condition that is not null must hold.
 *
 * @param from received then or later
 * @param to received before
 * @param user name of the person, or the opaque id in the events
 * @param state {@code open}, {@code completed}, {@code failed}, {@code cancelled} or {@code
 *     refused}
 * @param slowMs took at least so long as a whole, in milliseconds
 * @param rescued whether a later attempt gave the answer
 */
public record HistoryFilter(
    @Nullable Instant from,
    @Nullable Instant to,
    @Nullable String user,
    @Nullable String role,
    @Nullable String model,
    @Nullable String node,
    @Nullable String state,
    @Nullable String tier,
    @Nullable String strategy,
    @Nullable Long slowMs,
    @Nullable Boolean rescued) {
  /** Every request. */
  public static final HistoryFilter ALL = between(null, null);

  /** Every request of a time. */
  public static HistoryFilter between(@Nullable Instant from, @Nullable Instant to) {
    return new HistoryFilter(from, to, null, null, null, null, null, null, null, null, null);
  }
}
