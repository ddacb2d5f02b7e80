package org.brokecluster.coordinator.http.api;

import org.brokecluster.protocol.model.Speed;

/**
 * How fast a node serves a model, alone on the machine.
 *
 * @param measured false while the figures are an estimate from the chip
 */
public record SpeedEntry(
    double prefillTokensPerSecond,
    double decodeTokensPerSecond,
    double loadSeconds,
    boolean measured) {

  /** From the gossiped speed, rounded to one decimal. */
  public static SpeedEntry of(Speed speed) {
    return new SpeedEntry(
        rounded(speed.prefillTokensPerSecond()),
        rounded(speed.decodeTokensPerSecond()),
        rounded(speed.loadSeconds()),
        speed.measured());
  }

  private static double rounded(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
