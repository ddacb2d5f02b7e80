package org.brokecluster.coordinator.request;

import org.brokecluster.shared.config.SettingsReader;

/**
 * The {@code broke.rescue} section: answers that go on after their node or runtime broke.
 *
 * @param textMax characters kept of each running answer; 0 switches rescue off
 * @param prompted whether a model may be asked to go on where nothing surer works
 */
public record RescueSettings(int textMax, boolean prompted) {
  /** Reads and checks the section. */
  public static RescueSettings from(SettingsReader reader) {
    return new RescueSettings(
        reader.integer("broke.rescue.text-max", 0, 16 << 20), reader.flag("broke.rescue.prompted"));
  }
}
