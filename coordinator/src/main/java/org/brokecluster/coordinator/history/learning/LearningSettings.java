package org.brokecluster.coordinator.history.learning;

import java.time.Duration;
import org.brokecluster.coordinator.history.event.LearnedFigures;
import org.brokecluster.shared.config.SettingsReader;

/**
 * The {@code broke.router.learning} section.
 *
 * @param enabled whether ratings and outcomes change what is expected of a model
 * @param halfLife time after which a rating counts half
 * @param priorWeight ratings it takes until what was learned counts as much as what was measured
 * @param maxShift most by which a probability is moved, 0 to 0.5
 * @param keys combinations of model, topic, role and user remembered at most
 * @param requests requests remembered for ratings that come later
 * @param recordEvery outcomes and ratings after which all that was learned is recorded
 */
public record LearningSettings(
    boolean enabled,
    Duration halfLife,
    double priorWeight,
    double maxShift,
    int keys,
    int requests,
    int recordEvery) {
  private static final String ROOT = "broke.router.learning.";

  /** Reads and checks the section. */
  public static LearningSettings from(SettingsReader reader) {
    return new LearningSettings(
        reader.flag(ROOT + "enabled"),
        reader.duration(ROOT + "half-life", Duration.ofHours(1), Duration.ofDays(3_650)),
        reader.number(ROOT + "prior-weight", 0.5, 1_000),
        reader.number(ROOT + "max-shift", 0, 0.5),
        reader.integer(ROOT + "keys", 10, LearnedFigures.ROWS_MAX),
        reader.integer(ROOT + "requests", 100, 1_000_000),
        reader.integer(ROOT + "record-every", 1, 1_000_000));
  }
}
