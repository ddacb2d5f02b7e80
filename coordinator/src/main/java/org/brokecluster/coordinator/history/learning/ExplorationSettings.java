package org.brokecluster.coordinator.history.learning;

import org.brokecluster.shared.config.SettingsReader;

/**
 * The {@code broke.router.exploration} section.
 *
 * @param share share of requests that may be given to a model to learn about it, 0 to 0.5; 0
 *     switches this off
 * @param margin score and quality that may be lost by it, 0 to 1
 * @param until weight of ratings of a model and topic from which on enough is known
 */
public record ExplorationSettings(double share, double margin, double until) {
  private static final String ROOT = "broke.router.exploration.";

  /** Reads and checks the section. */
  public static ExplorationSettings from(SettingsReader reader) {
    return new ExplorationSettings(
        reader.number(ROOT + "share", 0, 0.5),
        reader.number(ROOT + "margin", 0, 1),
        reader.number(ROOT + "until", 0, 10_000));
  }
}
