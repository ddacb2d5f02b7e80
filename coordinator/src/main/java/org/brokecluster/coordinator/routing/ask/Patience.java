package org.brokecluster.coordinator.routing.ask;

/**
 * How much waiting a request can bear.
 *
 * @param waitedMs time it has waited at the router already
 * @param leftMs time until its client wants the whole answer
 * @param mayWait whether it may go on waiting; if not, any free place is better than none
 */
public record Patience(long waitedMs, long leftMs, boolean mayWait) {
  /** Of a request that has just come, whose client has all the time. */
  public static final Patience FRESH = new Patience(0, Long.MAX_VALUE, true);

  /** The same, but nothing can be waited for. */
  public Patience atOnce() {
    return new Patience(waitedMs, leftMs, false);
  }
}
