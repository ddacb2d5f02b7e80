package org.brokecluster.coordinator.whatif;

import org.brokecluster.protocol.model.Speed;

/**
 * How long a node works on a request: the formula by which the router predicts (see {@code
 * Forecast} in the routing core), corrected by how far it was off in the recorded answers of that
 * model on that node.
 *
 * @param prefillMs for reading the prompt
 * @param decodeMs for making the answer
 */
record ServiceTime(double prefillMs, double decodeMs) {

  /**
   * Without a correction.
   *
   * @param streams answers of the model at once on that node, this one included
   * @param othersBusy further models at work there
   * @param slowdown share by which a further stream slows all where nothing was measured
   */
  static ServiceTime of(
      Speed speed,
      int streams,
      int othersBusy,
      long promptTokens,
      long answerTokens,
      double slowdown) {
    double others = 1 + othersBusy;
    double prefill =
        promptTokens
            * 1000.0
            / speed.prefillTokensPerSecond()
            * (1 + slowdown * (streams - 1))
            * others;
    double token =
        1000.0 / speed.decodeTokensPerSecond() * speed.slowdown(streams, slowdown) * others;
    return new ServiceTime(prefill, answerTokens * token);
  }

  ServiceTime corrected(Correction by) {
    return new ServiceTime(prefillMs * by.prefill(), decodeMs * by.decode());
  }

  /**
   * Measured over predicted time.
   *
   * @param samples answers it comes from
   */
  record Correction(double prefill, double decode, int samples) {
    static final Correction NONE = new Correction(1, 1, 0);
  }
}
