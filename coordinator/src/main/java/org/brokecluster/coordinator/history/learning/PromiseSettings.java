package org.brokecluster.coordinator.history.learning;

import org.brokecluster.shared.config.SettingsReader;

/**
 * The {@code broke.router.promises} section.
 *
 * @param calibrated whether predicted times are put right by what was seen
 * @param coverage share of answers that shall keep the interval promised, 0.5 to 0.99
 * @param keys pairs of model and node, and of model and topic, remembered at most
 * @param rule how errors become a correction; not configured
 */
public record PromiseSettings(boolean calibrated, double coverage, int keys, PromiseRule rule) {
  private static final String ROOT = "broke.router.promises.";

  /** By the latest rule. */
  public PromiseSettings(boolean calibrated, double coverage, int keys) {
    this(calibrated, coverage, keys, PromiseRule.LATEST);
  }

  /** Reads and checks the section. */
  public static PromiseSettings from(SettingsReader reader) {
    return new PromiseSettings(
        reader.flag(ROOT + "calibrated"),
        reader.number(ROOT + "coverage", 0.5, 0.99),
        reader.integer(ROOT + "keys", 10, 100_000));
  }
}
