package org.brokecluster.coordinator.request;

import java.time.Duration;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.shared.config.SettingsReader;
import org.jspecify.annotations.Nullable;

/**
 * How long each phase of a request may take: the {@code broke.limits} section. All are durations on
 * the edge's own clock.
 *
 * @param submitRepeat pause before an unanswered Submit is repeated; doubles up to 4 s
 * @param noRouter how long a request waits for a router to answer at all
 * @param ready how long a node may take to say Ready once its name is known
 * @param firstToken longest an attempt may go without a first token and without progress, however
 *     long that was predicted to take
 * @param margin what is allowed beyond three times the predicted time to the first token, and after
 *     which the request moves where a first token is predicted to come before that is over
 * @param stall how long a running answer may be silent
 * @param queue how long a request may wait in the router's queue
 * @param attemptsMax attempts a request may use, the first included
 * @param grace how long an answer that nobody else can go on with waits for a silent node
 */
public record LifeLimits(
    Duration submitRepeat,
    Duration noRouter,
    Duration ready,
    Duration firstToken,
    Duration margin,
    Duration stall,
    Duration queue,
    int attemptsMax,
    Duration grace) {
  private static final int PREDICTIONS = 3;
  private static final int BUFFERED_PERCENT = 150;

  /** Reads and checks the section. */
  public static LifeLimits from(SettingsReader reader) {
    var min = Duration.ofMillis(10);
    var max = Duration.ofHours(24);
    return new LifeLimits(
        reader.duration("broke.limits.submit-repeat", min, Duration.ofSeconds(10)),
        reader.duration("broke.limits.no-router", min, max),
        reader.duration("broke.limits.ready", min, max),
        reader.duration("broke.limits.first-token", min, max),
        reader.duration("broke.limits.margin", min, max),
        reader.duration("broke.limits.stall", min, max),
        reader.duration("broke.limits.queue", min, max),
        reader.integer("broke.limits.attempts-max", 1, 20),
        reader.duration("broke.limits.grace", Duration.ZERO, Duration.ofSeconds(30)));
  }

  /**
   * How long an attempt may go without a first token and without progress, in milliseconds: three
   * times the prediction and a margin.
   *
   * @param patience doubles and so on of that, for a request whose attempts were given up before
   */
  long firstTokenMs(@Nullable Placement placement, int patience) {
    long predicted = placement == null ? 0 : Math.max(0, placement.firstTokenMs());
    long usual = PREDICTIONS * predicted + margin.toMillis();
    return Math.min(firstToken.toMillis(), usual * patience);
  }

  /**
   * How long a running answer may be silent, in milliseconds: longer where a runtime may keep a
   * tool call back until it is whole.
   */
  long stallMs(@Nullable Placement placement, boolean buffered) {
    long decode =
        placement == null || !buffered ? 0 : placement.finishMs() - placement.firstTokenMs();
    return Math.max(stall.toMillis(), decode * BUFFERED_PERCENT / 100);
  }
}
