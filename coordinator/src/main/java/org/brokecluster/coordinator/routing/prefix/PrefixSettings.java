package org.brokecluster.coordinator.routing.prefix;

import org.brokecluster.shared.config.SettingsReader;

/**
 * The {@code broke.router.prefix} section.
 *
 * @param enabled whether places that have read a prompt's beginning before are preferred for it
 * @param size fingerprints remembered for all places together
 */
public record PrefixSettings(boolean enabled, int size) {
  private static final String ROOT = "broke.router.prefix.";

  /** Reads and checks the section. */
  public static PrefixSettings from(SettingsReader reader) {
    return new PrefixSettings(
        reader.flag(ROOT + "enabled"), reader.integer(ROOT + "size", 1_000, 10_000_000));
  }
}
