package org.brokecluster.coordinator.http.api;

import java.util.List;
import org.brokecluster.protocol.model.SharedSpeed;
import org.brokecluster.protocol.model.Speed;
import org.jspecify.annotations.Nullable;

/**
 * How fast a node serves a model.
 *
 * @param decodeTokensPerSecond of a single stream, alone on the machine
 * @param measured whether the figures come from the node's own answers
 * @param basis {@code measured}, {@code baseline} (measured on another machine of the same kind) or
 *     {@code estimate} (from the chip)
 * @param samples answers and loads that were measured
 * @param measuredAt time of the latest of them, in seconds since 1970
 * @param shared what each stream gets while several share the model, as far as it was measured
 */
public record SpeedEntry(
    double prefillTokensPerSecond,
    double decodeTokensPerSecond,
    double loadSeconds,
    boolean measured,
    String basis,
    int samples,
    @Nullable Long measuredAt,
    List<Shared> shared) {

  /**
   * What each of several streams gets.
   *
   * @param tokensPerSecond of each of them
   */
  public record Shared(int streams, double tokensPerSecond) {}

  /** From the gossiped speed, rounded to one decimal. */
  public static SpeedEntry of(Speed speed) {
    return new SpeedEntry(
        rounded(speed.prefillTokensPerSecond()),
        rounded(speed.decodeTokensPerSecond()),
        rounded(speed.loadSeconds()),
        speed.measured(),
        basis(speed),
        speed.samples(),
        speed.measuredAt(),
        speed.shared().stream().map(SpeedEntry::shared).toList());
  }

  private static String basis(Speed speed) {
    if (speed.measured() || speed.samples() > 0) {
      return "measured";
    }
    return speed.measuredAt() == null ? "estimate" : "baseline";
  }

  private static Shared shared(SharedSpeed speed) {
    return new Shared(speed.streams(), rounded(speed.tokensPerSecond()));
  }

  private static double rounded(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
