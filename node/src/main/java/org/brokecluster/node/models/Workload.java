package org.brokecluster.node.models;

import org.brokecluster.shared.hardware.SpeedEstimate;

/**
 * Which models work at the same time, and what an answer's time says of a model's speed given that.
 * Pure; guarded by the pool's lock.
 *
 * <p>An answer that had the machine to itself shows the speed of one stream. One that shared its
 * model with others, and the machine with no other model, shows the speed of each of so many
 * streams. Others show nothing.
 */
final class Workload {
  /** Share of the time for which another model may have worked without spoiling a measurement. */
  private static final double OTHERS_MAX = 0.05;

  /** Fewest streams, on average, that count as several. */
  private static final double SHARED_FROM = 1.4;

  private final StreamTrace all = new StreamTrace();

  /** A stream of the model begins to work. */
  void started(ModelEntry entry, long now) {
    all.change(1, now);
    entry.streams.change(1, now);
  }

  /** A stream of the model has ended. */
  void ended(ModelEntry entry, long now) {
    all.change(-1, now);
    entry.streams.change(-1, now);
  }

  /**
   * The model's speeds with what this answer shows of them.
   *
   * @param startedNanos when its stream began to work
   * @param seconds the time of day, in seconds since 1970
   */
  SpeedMeter after(
      ModelEntry entry,
      Measurement measurement,
      long startedNanos,
      long now,
      double weight,
      long seconds) {
    if (all.most(startedNanos, now).orElse(2) <= 1) {
      return entry.meter.alone(measurement, weight, seconds);
    }
    long from = now - measurement.decodeNanos();
    double streams = entry.streams.mean(from, now).orElse(0);
    double others = all.mean(from, now).orElse(Double.MAX_VALUE) - streams;
    return others <= OTHERS_MAX && streams >= SHARED_FROM
        ? entry.meter.shared(measurement, level(streams), adjustment(streams), weight, seconds)
        : entry.meter;
  }

  /** The level a mean number of streams belongs to: 2, 4, 8 and so on, the nearest by ratio. */
  private static int level(double streams) {
    long power = Math.max(1, Math.round(Math.log(streams) / Math.log(2)));
    return 1 << Math.min(power, 10);
  }

  /** By what a speed has to be multiplied to be that of the level, see {@link SpeedEstimate}. */
  private static double adjustment(double streams) {
    int below = (int) Math.floor(streams);
    double rest = streams - below;
    double share =
        SpeedEstimate.decodeShare(below, 1) * (1 - rest)
            + SpeedEstimate.decodeShare(below + 1, 1) * rest;
    return SpeedEstimate.decodeShare(level(streams), 1) / share;
  }
}
