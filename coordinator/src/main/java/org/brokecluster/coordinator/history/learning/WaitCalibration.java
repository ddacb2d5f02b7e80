package org.brokecluster.coordinator.history.learning;

import org.brokecluster.protocol.state.PromiseFigures;
import org.jspecify.annotations.Nullable;

/**
 * Puts the time right that is told to whoever has to wait for a place: one factor for all, because
 * what is off is how long those before them take, whatever their models. Not thread safe.
 */
final class WaitCalibration {
  private final ErrorFigures factor;
  private final PromiseErrors errors = new PromiseErrors();
  private final Trace trace;

  /**
   * Knows nothing yet.
   *
   * @param trace takes in what is learned
   */
  WaitCalibration(PromiseRule rule, Trace trace) {
    this.factor = new ErrorFigures(rule);
    this.trace = trace;
  }

  /**
   * Somebody who had to wait has the first token.
   *
   * @param predictedMs before it was put right
   * @param toldMs as the client was told
   */
  void ended(double predictedMs, double toldMs, double realMs) {
    errors.add(realMs, toldMs, predictedMs);
    factor.add(PhaseCalibration.logRatio(realMs, predictedMs));
    trace.put(factor.correction()).put(factor.spread());
  }

  /** A predicted time to the first token, put right; in milliseconds. */
  double right(double predictedMs) {
    return PhaseCalibration.scaled(predictedMs, factor.correction());
  }

  /** How well it does; null before the first answer. */
  PromiseFigures.@Nullable Waiting figures() {
    return errors.count() == 0
        ? null
        : new PromiseFigures.Waiting(errors.count(), errors.told(), errors.predicted());
  }
}
