package org.brokecluster.coordinator.routing.demand;

import java.time.Duration;
import org.brokecluster.shared.config.SettingsReader;

/**
 * The {@code broke.router.demand} section.
 *
 * @param memory time after which a request counts for {@code 1/e} of what it did
 * @param models models remembered, at least 1
 */
public record DemandSettings(Duration memory, int models) {
  private static final String ROOT = "broke.router.demand.";

  /** Reads and checks the section. */
  public static DemandSettings from(SettingsReader reader) {
    return new DemandSettings(
        reader.duration(ROOT + "memory", Duration.ofSeconds(10), Duration.ofDays(1)),
        reader.integer(ROOT + "models", 1, 10_000));
  }
}
