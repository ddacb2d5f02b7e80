package org.brokecluster.coordinator.routing.retry;

import org.brokecluster.shared.config.SettingsReader;

/**
 * The {@code broke.router.retries} section.
 *
 * @param ratio retries earned by each request that comes for the first time, 0 to 1
 * @param perSecond retries earned by each second, so that a quiet cluster has some too
 * @param burst most retries that can be saved
 */
public record RetrySettings(double ratio, double perSecond, int burst) {
  private static final String ROOT = "broke.router.retries.";
  private static final double PER_SECOND_MAX = 1_000;

  /** Reads and checks the section. */
  public static RetrySettings from(SettingsReader reader) {
    return new RetrySettings(
        reader.number(ROOT + "ratio", 0, 1),
        reader.number(ROOT + "per-second", 0, PER_SECOND_MAX),
        reader.integer(ROOT + "burst", 0, 100_000));
  }
}
