package org.brokecluster.coordinator.history.journal;

import java.util.Arrays;
import org.brokecluster.coordinator.history.event.RoutingEvent;

/** An event with the JSON it has, or shall have, in the journal. Nobody changes the bytes. */
public final class EncodedEvent {
  private final RoutingEvent event;
  private final byte[] json;

  EncodedEvent(RoutingEvent event, byte[] json) {
    this.event = event;
    this.json = json;
  }

  /** The event. */
  public RoutingEvent event() {
    return event;
  }

  /** Its JSON in UTF-8; not to be changed. */
  public byte[] json() {
    return json;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EncodedEvent that
        && event.equals(that.event)
        && Arrays.equals(json, that.json);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(json);
  }

  @Override
  public String toString() {
    return event.getClass().getSimpleName() + "(" + json.length + " bytes)";
  }
}
