package org.brokecluster.node.models;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Baseline;
import org.brokecluster.protocol.model.Baseline.Mean;
import org.brokecluster.protocol.model.SharedSpeed;
import org.brokecluster.protocol.model.Speed;
import org.jspecify.annotations.Nullable;

/**
 * A model's speeds as they are learned from answers: weighted means in which the latest counts
 * most, begun with an estimate. The first measurements weigh 1/2, 1/3 and so on until that falls
 * below the weight given, so that a bad estimate is soon forgotten. Immutable.
 *
 * @param estimate what the means began with
 * @param carried whether the estimate was measured on another machine of the same kind, and so is
 *     better than what a runtime would guess
 * @param prefill prompt tokens read a second
 * @param decode tokens made a second by a stream alone on the machine
 * @param load seconds from disk to ready
 * @param sharedMeans tokens made a second by each of several streams, by rising number of streams
 * @param measuredAt time of day of the latest figure, in seconds since 1970
 */
record SpeedMeter(
    Speed estimate,
    boolean carried,
    @Nullable Mean prefill,
    @Nullable Mean decode,
    @Nullable Mean load,
    List<Baseline.Shared> sharedMeans,
    @Nullable Long measuredAt) {
  /** Fewer tokens than this say more about the runtime's overhead than about its speed. */
  static final int PREFILL_TOKENS_MIN = 64;

  static final int DECODE_TOKENS_MIN = 16;

  private static final int LEVELS_MAX = 10;
  private static final int SAMPLES_MAX = 1_000_000;
  private static final double NANOS = 1e9;

  /** Copies the list. */
  SpeedMeter {
    sharedMeans = List.copyOf(sharedMeans);
  }

  /** Nothing measured yet. */
  static SpeedMeter of(Speed estimate) {
    return new SpeedMeter(estimate, false, null, null, null, List.of(), null);
  }

  /** What was measured before, on this machine or on another one of its kind. */
  static SpeedMeter of(Baseline known, Speed estimate) {
    if (!known.imported()) {
      return new SpeedMeter(
          estimate,
          false,
          known.prefill(),
          known.decode(),
          known.load(),
          known.shared(),
          known.measuredAt());
    }
    var better =
        new Speed(
            positive(known.prefill(), estimate.prefillTokensPerSecond()),
            positive(known.decode(), estimate.decodeTokensPerSecond()),
            known.load() == null ? estimate.loadSeconds() : known.load().value(),
            false,
            0,
            known.measuredAt(),
            speeds(known.shared()));
    return new SpeedMeter(better, true, null, null, null, List.of(), null);
  }

  private static double positive(@Nullable Mean mean, double otherwise) {
    return mean == null || mean.value() <= 0 ? otherwise : mean.value();
  }

  /** The speeds so far. */
  Speed speed() {
    boolean learned = samples() > 0;
    return new Speed(
        positive(prefill, estimate.prefillTokensPerSecond()),
        positive(decode, estimate.decodeTokensPerSecond()),
        load == null ? estimate.loadSeconds() : load.value(),
        decode != null,
        samples(),
        learned ? measuredAt : estimate.measuredAt(),
        sharedMeans.isEmpty() ? estimate.shared() : speeds(sharedMeans));
  }

  private static List<SharedSpeed> speeds(List<Baseline.Shared> means) {
    return means.stream()
        .filter(mean -> mean.each().value() > 0)
        .map(mean -> new SharedSpeed(mean.streams(), (float) mean.each().value()))
        .toList();
  }

  /** Measurements of any kind. */
  int samples() {
    int several = sharedMeans.stream().mapToInt(mean -> mean.each().samples()).sum();
    return count(prefill) + count(decode) + count(load) + several;
  }

  private static int count(@Nullable Mean mean) {
    return mean == null ? 0 : mean.samples();
  }

  /** With a new estimate from the runtime, which counts only while nothing better is known. */
  SpeedMeter estimated(Speed newer) {
    return carried || newer.equals(estimate) || samples() > 0 ? this : of(newer);
  }

  /** As it is kept; nothing if there is nothing worth keeping. */
  Baseline baseline(ModelId model, String runtime, @Nullable Long bytes) {
    return new Baseline(
        model, runtime, bytes, prefill, decode, load, sharedMeans, measuredAt, false);
  }

  /** After an answer that had the machine to itself. */
  SpeedMeter alone(Measurement measured, double weight, long seconds) {
    int read = measured.usage().promptTokens() - measured.usage().cachedTokens();
    boolean tellsReading =
        read >= PREFILL_TOKENS_MIN && measured.prefillNanos() > 0 && !measured.usage().estimated();
    double rate = decodeRate(measured);
    if (!tellsReading && rate <= 0) {
      return this;
    }
    var reading = prefill;
    if (tellsReading) {
      double seen = read * NANOS / measured.prefillNanos();
      reading = mean(prefill, estimate.prefillTokensPerSecond(), seen, weight);
    }
    var making = rate > 0 ? mean(decode, estimate.decodeTokensPerSecond(), rate, weight) : decode;
    return new SpeedMeter(estimate, carried, reading, making, load, sharedMeans, seconds);
  }

  /**
   * After an answer that shared its model with others.
   *
   * @param streams the level it counts for
   * @param adjustment by what its speed is multiplied to be that of the level
   */
  SpeedMeter shared(
      Measurement measured, int streams, double adjustment, double weight, long seconds) {
    double rate = decodeRate(measured) * adjustment;
    if (!(rate > 0)) {
      return this;
    }
    var means = new ArrayList<Baseline.Shared>(sharedMeans.size() + 1);
    Mean before = null;
    for (var mean : sharedMeans) {
      if (mean.streams() == streams) {
        before = mean.each();
      } else {
        means.add(mean);
      }
    }
    if (before == null && means.size() >= LEVELS_MAX) {
      return this;
    }
    means.add(new Baseline.Shared(streams, mean(before, rate, rate, weight)));
    means.sort(Comparator.comparingInt(Baseline.Shared::streams));
    return new SpeedMeter(estimate, carried, prefill, decode, load, means, seconds);
  }

  /** Tokens a second after the first one, or 0 if the answer was too short to tell. */
  private static double decodeRate(Measurement measured) {
    int made = measured.usage().completionTokens() - 1;
    boolean tells = made >= DECODE_TOKENS_MIN && measured.decodeNanos() > 0;
    return tells ? made * NANOS / measured.decodeNanos() : 0;
  }

  /** After a load from disk. */
  SpeedMeter loaded(double took, double weight, long seconds) {
    var loading = mean(load, estimate.loadSeconds(), Math.max(0, took), weight);
    return new SpeedMeter(estimate, carried, prefill, decode, loading, sharedMeans, seconds);
  }

  private static Mean mean(@Nullable Mean before, double estimate, double now, double weight) {
    double value = before == null ? estimate : before.value();
    int count = count(before);
    double share = Math.max(weight, 1.0 / (count + 2));
    return new Mean(value + share * (now - value), Math.min(SAMPLES_MAX, count + 1));
  }
}
