package org.brokecluster.coordinator.routing.state;

import java.util.List;

/**
 * What a node's latest report tells of the tickets that were sent to it.
 *
 * @param reports how often this incarnation has reported; a later report has a higher number
 * @param term highest router term the node has seen
 * @param ticket highest ticket number of that term the node has handled
 * @param open numbers of that term's tickets that run or wait there
 */
public record Echo(long reports, long term, long ticket, List<Long> open) {
  /** Of a node that has seen no ticket. */
  public static final Echo NONE = new Echo(1, 0, 0, List.of());

  /** Copies the list. */
  public Echo {
    open = List.copyOf(open);
  }
}
