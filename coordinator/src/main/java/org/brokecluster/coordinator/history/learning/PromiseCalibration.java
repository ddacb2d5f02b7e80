package org.brokecluster.coordinator.history.learning;

import org.brokecluster.coordinator.history.event.Reckoning;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.Promise;
import org.brokecluster.protocol.state.PromiseFigures;

/**
 * Puts the times a client is promised right by how earlier answers kept theirs: the first token by
 * model and node, the finish by model and topic, where what is off is mostly the length of the
 * answer. The choice of a place is not touched: it goes by the predictions themselves. Bounded, and
 * a function of the events it is told of. Not thread safe.
 */
public final class PromiseCalibration {
  private final PromiseSettings settings;
  private final PhaseCalibration firstToken;
  private final PhaseCalibration finish;
  private final WaitCalibration wait;

  /**
   * Knows nothing yet: times are promised as predicted, within wide intervals.
   *
   * @param trace takes in what is learned
   */
  PromiseCalibration(PromiseSettings settings, Trace trace) {
    this.settings = settings;
    this.firstToken = new PhaseCalibration(settings, trace);
    this.finish = new PhaseCalibration(settings, trace);
    this.wait = new WaitCalibration(settings.rule(), trace);
  }

  /**
   * What a client is promised.
   *
   * @param firstTokenMs middle of the time to the first token
   * @param finishMs middle of the time to the last token, no shorter
   * @param promise intervals around both
   */
  public record Times(long firstTokenMs, long finishMs, Promise promise) {}

  /**
   * Puts predicted times right.
   *
   * @param firstTokenMs predicted, from the decision
   * @param finishMs predicted, from the decision
   */
  public Times times(
      ModelId model, NodeId node, Topic topic, double firstTokenMs, double finishMs) {
    var first = firstToken.range(model, node.value(), firstTokenMs);
    var last = finish.range(model, topic.label(), finishMs);
    long soonest = Math.round(first.low());
    long latest = Math.max(soonest, Math.round(first.high()));
    long middle = Math.round(settings.calibrated() ? first.middle() : firstTokenMs);
    long end = Math.max(middle, Math.round(settings.calibrated() ? last.middle() : finishMs));
    return new Times(
        middle,
        end,
        new Promise(
            soonest,
            latest,
            Math.min(end, Math.max(soonest, Math.round(last.low()))),
            Math.max(Math.max(end, latest), Math.round(last.high()))));
  }

  /**
   * What somebody is told who has to wait for a place, in milliseconds.
   *
   * @param predictedMs predicted time to the first token, the wait included
   */
  long waitMs(long predictedMs) {
    return settings.calibrated() ? Math.round(wait.right((double) predictedMs)) : predictedMs;
  }

  /**
   * Somebody who had to wait has the first token.
   *
   * @param predictedMs before it was put right
   * @param toldMs as the client was told
   */
  void waited(long predictedMs, long toldMs, long realMs) {
    wait.ended((double) predictedMs, (double) toldMs, (double) realMs);
  }

  /** The first token of an answer came so long after its decision. */
  void firstTokenCame(Placement placement, Reckoning reckoning, double realMs) {
    var promise = placement.promise();
    if (promise != null) {
      firstToken.add(
          placement.model(),
          placement.node().value(),
          (double) reckoning.firstTokenMs(),
          new PhaseCalibration.Range(
              promise.firstTokenLowMs(), placement.firstTokenMs(), promise.firstTokenHighMs()),
          realMs);
    }
  }

  /** The last token of an answer came so long after its decision. */
  void finished(Placement placement, Reckoning reckoning, Topic topic, double realMs) {
    var promise = placement.promise();
    if (promise != null) {
      finish.add(
          placement.model(),
          topic.label(),
          (double) reckoning.finishMs(),
          new PhaseCalibration.Range(
              promise.finishLowMs(), placement.finishMs(), promise.finishHighMs()),
          realMs);
    }
  }

  /** How well the promises are kept. */
  public PromiseFigures figures() {
    return new PromiseFigures(
        settings.coverage(), firstToken.figures(), finish.figures(), wait.figures());
  }
}
