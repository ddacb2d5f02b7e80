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
 * harm    = what the model's streams under way still need x what one more of them slows them by
 *         + what each other model's streams there still need, if this one begins to share with them
 *         + half of the time for reading again what the prompt cache forgets for this prompt
 *         + what those lose who ask for models that leave the memory for this one
 *         + for each request that waits for the node: the time of the machine that this one takes
 * </pre>
 *
 * <p>Harm is nobody's wait, but time that others lose: a place that would be best for one request
 * alone may cost all together more than it gives. Neither of its first two parts counts more than
 * the request itself takes. The last part sends requests that have a choice away from a machine
 * that others, who have none, wait for.
 *
 * @param waitMs until a slot is free
 * @param loadMs until the model is in memory
 * @param prefillMs for reading the prompt
 * @param decodeMs for making the answer
 * @param tokenMs for making one token
 * @param harmMs time that others lose, added up
 */
record Forecast(
    double waitMs,
    double loadMs,
    double prefillMs,
    double decodeMs,
    double tokenMs,
    double harmMs) {

  /** Share of remembered prompts that somebody goes on with. */
  private static final double COMES_AGAIN = 0.5;

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
    return new Forecast(
        wait,
        pressure.loadMs(),
        prefill,
        decode,
        token,
        harm(spot, pressure, prefill + decode, tuning)
            + pressure.waiting() * shareMs(prefill / reading, decode / others, streams));
  }

  /**
   * Time of the whole machine that a request takes: reading is not shared, and of what several
   * streams make side by side each counts its part. All that wait for the machine wait so much
   * longer.
   */
  private static double shareMs(double readingMs, double makingMs, int streams) {
    return readingMs + makingMs / streams;
  }

  /** What others lose: who answers there now, and whose prompt the cache would forget. */
  private static double harm(Spot spot, Pressure pressure, double serviceMs, Tuning tuning) {
    int running = Math.min(pressure.inFlight(), spot.slots() - 1);
    var speed = spot.speed();
    double own = 0;
    if (running > 0) {
      double before = speed.slowdown(running, tuning.streamSlowdown());
      double after = speed.slowdown(running + 1, tuning.streamSlowdown());
      own = Math.min(pressure.ownLeftMs(), serviceMs * running) * (after / before - 1);
    }
    boolean further = pressure.inFlight() == 0 && pressure.otherBusy() > 0;
    double other = further ? pressure.otherLeftMs() / pressure.otherBusy() : 0;
    double again =
        COMES_AGAIN * pressure.displacedTokens() * 1000.0 / speed.prefillTokensPerSecond();
    return own + Math.min(other, serviceMs * pressure.otherBusy()) + again + pressure.evictedMs();
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
