package org.brokecluster.coordinator.history;

import java.util.concurrent.atomic.AtomicLong;
import org.brokecluster.coordinator.history.event.RoutingEvent;

/** A sink for when there is no history to write: everything is counted as lost. */
final class NoHistory implements EventSink {
  private final AtomicLong lost = new AtomicLong();

  @Override
  public void emit(RoutingEvent event) {
    lost.incrementAndGet();
  }

  @Override
  public Health health() {
    return new Health("off", 0, lost.get());
  }
}
