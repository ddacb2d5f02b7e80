package org.brokecluster.simulation;

import org.jspecify.annotations.Nullable;

/**
 * What a user fixes of every run; the seed decides the rest.
 *
 * @param machines simulated Macs, 2 to 12; null for what the seed says
 * @param minutes time in which clients call and things break, 1 to 60
 */
public record PlanOptions(@Nullable Integer machines, int minutes) {
  /** Everything by seed, one minute long. */
  public static final PlanOptions USUAL = new PlanOptions(null, 1);
}
