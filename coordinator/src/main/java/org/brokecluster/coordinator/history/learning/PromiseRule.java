package org.brokecluster.coordinator.history.learning;

/**
 * How earlier errors become the correction of the next promise. What was recorded under an earlier
 * rule is folded by that rule, so that its checksums stay what they were.
 *
 * @param weighed whether only as much of the middle is used as has paid off
 * @param wild how many usual errors a single one may count as
 * @param midMax largest middle, either way, as a natural logarithm
 */
public record PromiseRule(boolean weighed, double wild, double midMax) {
  private static final PromiseRule FIRST = new PromiseRule(false, 3, 3);
  private static final PromiseRule WEIGHED = new PromiseRule(true, 1.5, 2);

  /** Number of the latest rule, as a term records it. */
  public static final int LATEST_NUMBER = 1;

  /** The latest rule. */
  public static final PromiseRule LATEST = WEIGHED;

  /** The rule of a term that recorded this number; 0 where it recorded none. */
  public static PromiseRule of(int number) {
    return number == 0 ? FIRST : LATEST;
  }
}
