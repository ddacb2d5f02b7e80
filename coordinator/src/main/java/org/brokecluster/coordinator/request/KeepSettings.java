package org.brokecluster.coordinator.request;

import org.brokecluster.shared.config.SettingsReader;

/**
 * The {@code broke.keep} section: answers that are kept for clients that come back.
 *
 * @param answers answers kept at the same time
 * @param answerMax bytes kept of each
 */
public record KeepSettings(int answers, long answerMax) {

  /** Reads and checks the section. */
  public static KeepSettings from(SettingsReader reader) {
    return new KeepSettings(
        reader.integer("broke.keep.answers", 0, 10_000),
        reader.bytes("broke.keep.answer-max", 16 << 10, 1L << 30));
  }
}
