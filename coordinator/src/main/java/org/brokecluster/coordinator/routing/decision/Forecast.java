package org.brokecluster.coordinator.routing.decision;

import org.brokecluster.coordinator.routing.scorer.Tuning;
import org.brokecluster.coordinator.routing.state.Spot;

/**
 * Predicted times of one request on one candidate, in milliseconds.
 *
 * <p>With {@code k} streams of the model on the node, this one included, {@code s} slots, {@code o}
 * other models busy there and {@code b} the slowdown a further stream brings where the node has not
 * measured it:
 *
 * <pre>
 * prefill = (prompt tokens - cached tokens) / prefill speed x (1 + b (min(k, s) - 1)) (1 + o)
 * decode  = expected tokens / decode speed x measured slowdown with min(k, s) streams x (1 + o)
 * wait    = 0 while a slot is free, else soonest end + (k - 1 - s + ahead) (prefill + decode) / s
 * load    = rest of the load time while the model is not in memory
 * </pre>
 *
 * @param waitMs until a slot is free
 * @param loadMs until the model is in memory
 * @param prefillMs for reading the prompt
 * @param decodeMs for making the answer
 * @param tokenMs for making one token
 */
record Forecast(double waitMs, double loadMs, double prefillMs, double decodeMs, double tokenMs) {

  /**
   * Predicts.
   *
   * @param unreadTokens part of the prompt that must be read, at least 1
   */
  static Forecast of(
      Spot spot, Pressure pressure, int unreadTokens, int expectedTokens, Tuning tuning) {
    int slots = spot.slots();
    int streams = Math.min(pressure.inFlight() + 1, slots);
    var speed = spot.speed();
    double others = 1 + pressure.otherBusy();
    double reading = (1 + tuning.streamSlowdown() * (streams - 1)) * others;
    double prefill = unreadTokens * 1000.0 / speed.prefillTokensPerSecond() * reading;
    double making = speed.slowdown(streams, tuning.streamSlowdown()) * others;
    double token = 1000.0 / speed.decodeTokensPerSecond() * making;
    double decode = expectedTokens * token;
    double wait = 0;
    int beyond = pressure.inFlight() - slots;
    if (beyond >= 0 || pressure.blocked()) {
      double first = pressure.soonestMs() >= 0 ? pressure.soonestMs() : (prefill + decode) / 2;
      int before = Math.max(0, beyond) + pressure.ahead();
      wait = first + before * (prefill + decode) / slots;
    }
    return new Forecast(wait, pressure.loadMs(), prefill, decode, token);
  }

  /** From now to the first token. */
  double firstTokenMs() {
    return waitMs + loadMs + prefillMs + tokenMs;
  }

  /** From now to the last token. */
  double finishMs() {
    return waitMs + loadMs + prefillMs + decodeMs;
  }
}
