package org.brokecluster.coordinator.history.journal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of the journal: consecutive events of one term, and what has to be stored atomically with
 * them.
 *
 * @param firstNumber number of the first event; where there is none, of the next one to come
 * @param events the events, numbered from there without holes
 * @param checkpoint what the writer had after these events, or null
 * @param gap events missing immediately before these, or null
 * @param base canonical JSON of the state immediately before these events, or null. A replay takes
 *     it over after a gap, and may start from it where earlier days were removed
 */
public record EventBatch(
    long firstNumber,
    List<EncodedEvent> events,
    @Nullable Checkpoint checkpoint,
    @Nullable Gap gap,
    @Nullable String base) {
  /** Copies the list. */
  public EventBatch {
    events = List.copyOf(events);
  }

  /** Number of the last event, {@code firstNumber - 1} if there is none. */
  public long lastNumber() {
    return firstNumber + events.size() - 1;
  }
}
