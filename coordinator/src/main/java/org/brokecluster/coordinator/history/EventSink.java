package org.brokecluster.coordinator.history;

import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.protocol.state.HistorySite;
import org.jspecify.annotations.Nullable;

/**
 * Where the router puts its events. Never blocks and never fails: what cannot be stored is counted
 * and shown. Called by the router's actor only, so that the order of calls is the order of events.
 */
public interface EventSink {
  /** Takes the next event. */
  void emit(RoutingEvent event);

  /** Where it is kept; null if nothing is. Safe from any thread. */
  default @Nullable HistorySite site() {
    return null;
  }

  /** State in one word, backlog and losses, for the router's status. Safe from any thread. */
  Health health();

  /**
   * How the history is doing.
   *
   * @param state {@code ok}, {@code behind}, {@code gap} or {@code off}
   * @param backlog events not yet stored
   * @param lost events given up since the term began
   */
  record Health(String state, long backlog, long lost) {}
}
