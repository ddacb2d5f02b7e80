package org.brokecluster.node.models;

import org.brokecluster.protocol.model.Speed;

/**
 * A model's speed as it is learned from answers that had the machine to themselves: a weighted mean
 * in which the latest counts most, begun with the estimate. The first measurements weigh 1/2, 1/3
 * and so on until that falls below the weight given, so that a bad estimate is soon forgotten.
 *
 * @param speed speed so far
 * @param estimate speed it began with
 */
record SpeedMeter(Speed speed, Speed estimate, int prefills, int decodes, int loads) {
  /** Fewer tokens than this say more about the runtime's overhead than about its speed. */
  static final int PREFILL_TOKENS_MIN = 64;

  static final int DECODE_TOKENS_MIN = 16;

  private static final double NANOS = 1e9;

  /** Nothing measured yet. */
  static SpeedMeter of(Speed estimate) {
    return new SpeedMeter(estimate, estimate, 0, 0, 0);
  }

  /** With a new estimate from the runtime, which counts only while nothing is measured. */
  SpeedMeter estimated(Speed newer) {
    return newer.equals(estimate) || prefills + decodes + loads > 0 ? this : of(newer);
  }

  /** After an answer that ran alone. */
  SpeedMeter after(Measurement measured, double weight) {
    return prefill(measured, weight).decode(measured, weight);
  }

  private SpeedMeter prefill(Measurement measured, double weight) {
    int tokens = measured.usage().promptTokens() - measured.usage().cachedTokens();
    boolean known = tokens >= PREFILL_TOKENS_MIN && !measured.usage().estimated();
    if (!known || measured.prefillNanos() <= 0) {
      return this;
    }
    double rate = tokens * NANOS / measured.prefillNanos();
    double mean = mean(speed.prefillTokensPerSecond(), rate, prefills, weight);
    var faster =
        new Speed(mean, speed.decodeTokensPerSecond(), speed.loadSeconds(), speed.measured());
    return new SpeedMeter(faster, estimate, prefills + 1, decodes, loads);
  }

  private SpeedMeter decode(Measurement measured, double weight) {
    int tokens = measured.usage().completionTokens() - 1;
    if (tokens < DECODE_TOKENS_MIN || measured.decodeNanos() <= 0) {
      return this;
    }
    double rate = tokens * NANOS / measured.decodeNanos();
    double mean = mean(speed.decodeTokensPerSecond(), rate, decodes, weight);
    var faster = new Speed(speed.prefillTokensPerSecond(), mean, speed.loadSeconds(), true);
    return new SpeedMeter(faster, estimate, prefills, decodes + 1, loads);
  }

  /** After a load from disk. */
  SpeedMeter loaded(double seconds, double weight) {
    double mean = mean(speed.loadSeconds(), seconds, loads, weight);
    var next =
        new Speed(
            speed.prefillTokensPerSecond(), speed.decodeTokensPerSecond(), mean, speed.measured());
    return new SpeedMeter(next, estimate, prefills, decodes, loads + 1);
  }

  private static double mean(double before, double now, int count, double weight) {
    double share = Math.max(weight, 1.0 / (count + 2));
    return before + share * (now - before);
  }
}
