package org.brokecluster.coordinator.history.event;

import org.brokecluster.coordinator.history.event.RoutingEvent.Arranged;
import org.brokecluster.coordinator.history.event.RoutingEvent.Cancelled;
import org.brokecluster.coordinator.history.event.RoutingEvent.Completed;
import org.brokecluster.coordinator.history.event.RoutingEvent.Decided;
import org.brokecluster.coordinator.history.event.RoutingEvent.Failed;
import org.brokecluster.coordinator.history.event.RoutingEvent.HandedOver;
import org.brokecluster.coordinator.history.event.RoutingEvent.Learned;
import org.brokecluster.coordinator.history.event.RoutingEvent.NodeChanged;
import org.brokecluster.coordinator.history.event.RoutingEvent.Queued;
import org.brokecluster.coordinator.history.event.RoutingEvent.Rated;
import org.brokecluster.coordinator.history.event.RoutingEvent.Received;
import org.brokecluster.coordinator.history.event.RoutingEvent.Refused;
import org.brokecluster.coordinator.history.event.RoutingEvent.Started;
import org.brokecluster.coordinator.history.event.RoutingEvent.StrategyChanged;
import org.brokecluster.coordinator.history.event.RoutingEvent.TermStarted;

/** A total function over the kinds of {@link RoutingEvent}. */
public interface EventVisitor<R> {
  /** For {@link TermStarted}. */
  R termStarted(TermStarted event);

  /** For {@link Received}. */
  R received(Received event);

  /** For {@link Decided}. */
  R decided(Decided event);

  /** For {@link Queued}. */
  R queued(Queued event);

  /** For {@link Refused}. */
  R refused(Refused event);

  /** For {@link Started}. */
  R started(Started event);

  /** For {@link Completed}. */
  R completed(Completed event);

  /** For {@link Failed}. */
  R failed(Failed event);

  /** For {@link Cancelled}. */
  R cancelled(Cancelled event);

  /** For {@link HandedOver}. */
  R handedOver(HandedOver event);

  /** For {@link NodeChanged}. */
  R nodeChanged(NodeChanged event);

  /** For {@link StrategyChanged}. */
  R strategyChanged(StrategyChanged event);

  /** For {@link Rated}. */
  R rated(Rated event);

  /** For {@link Learned}. */
  R learned(Learned event);

  /** For {@link Arranged}. */
  R arranged(Arranged event);
}
