package org.brokecluster.coordinator.request;

import java.time.Duration;
import org.brokecluster.shared.config.SettingsReader;

/**
 * How long each phase of a request may take: the {@code broke.limits} section. All are durations on
 * the edge's own clock.
 *
 * @param submitRepeat pause before an unanswered Submit is repeated; doubles up to 4 s
 * @param noRouter how long a request waits for a router to answer at all
 * @param ready how long a node may take to say Ready once its name is known
 * @param firstToken how long an attempt may go without a first token and without progress
 * @param stall how long a running answer may be silent
 * @param queue how long a request may wait in the router's queue
 * @param attemptsMax attempts a request may use, the first included
 */
public record LifeLimits(
    Duration submitRepeat,
    Duration noRouter,
    Duration ready,
    Duration firstToken,
    Duration stall,
    Duration queue,
    int attemptsMax) {

  /** Reads and checks the section. */
  public static LifeLimits from(SettingsReader reader) {
    var min = Duration.ofMillis(10);
    var max = Duration.ofHours(24);
    return new LifeLimits(
        reader.duration("broke.limits.submit-repeat", min, Duration.ofSeconds(10)),
        reader.duration("broke.limits.no-router", min, max),
        reader.duration("broke.limits.ready", min, max),
        reader.duration("broke.limits.first-token", min, max),
        reader.duration("broke.limits.stall", min, max),
        reader.duration("broke.limits.queue", min, max),
        reader.integer("broke.limits.attempts-max", 1, 20));
  }
}
