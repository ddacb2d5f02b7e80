package org.brokecluster.coordinator.history.learning;

/**
 * Puts the time right that is told to whoever has to wait for a place: one factor for all, because
 * what is off is how long those before them take, whatever their models. Not thread safe.
 */
final class WaitCalibration {
  private final ErrorFigures errors = new ErrorFigures();
  private final Trace trace;

  /**
   * Knows nothing yet.
   *
   * @param trace takes in what is learned
   */
  WaitCalibration(Trace trace) {
    this.trace = trace;
  }

  /** Somebody who was to wait so long for the first token has it. */
  void ended(double predictedMs, double realMs) {
    errors.add(PhaseCalibration.logRatio(realMs, predictedMs));
    trace.put(errors.mid()).put(errors.spread());
  }

  /** A predicted time to the first token, put right; in milliseconds. */
  double right(double predictedMs) {
    return PhaseCalibration.scaled(predictedMs, errors.mid());
  }
}
