package org.brokecluster.coordinator.history.learning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.brokecluster.coordinator.history.SampleEvents;
import org.brokecluster.coordinator.history.event.LearningTerms;
import org.brokecluster.coordinator.history.event.Reckoning;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.AttemptReport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What those who wait are told comes true in the middle, however far the predictions are off. */
class WaitingPromiseTest {
  private static final ModelId MODEL = ModelId.of("qwen3-14b");
  private static final NodeId NODE = NodeId.of("mini-m1");
  private static final long ARRIVAL_MS = 40;

  private final Learning learning =
      Learning.by(new LearningTerms(36_000_000, 100, 1_000, 0.8, 100, 1));
  private final Random random = new Random(7);

  @ParameterizedTest(name = "waits {0} times as long as predicted")
  @ValueSource(doubles = {0.4, 1, 2.5})
  void tellsThoseWhoWaitWhatOthersHadToWait(double factor) {
    double before = 0;
    double after = 0;
    for (int i = 0; i < 300; i++) {
      long predicted = 2_000L + random.nextInt(30_000);
      double real = predicted * factor * Math.exp(0.25 * random.nextGaussian());
      long told = learning.waitMs(predicted);
      if (i >= 100) {
        before += Math.abs(Math.log(real / predicted));
        after += Math.abs(Math.log(real / told));
      }
      waited(i, predicted, Math.round(real));
    }

    assertThat(after / 200).isLessThan(0.25);
    assertThat(learning.waitMs(10_000) / 10_000.0).isBetween(0.85 * factor, 1.15 * factor);
    var figures = learning.promiseFigures().waiting();
    assertThat(figures.answers()).isEqualTo(300);
    assertThat(figures.error()).isBetween(0.15, 0.3);
    if (factor != 1) {
      assertThat(after).isLessThan(before / 3);
      assertThat(figures.errorBefore()).isBetween(1.2, 1.8);
    }
  }

  private void waited(int request, long predictedMs, long realMs) {
    var attempt = new AttemptId(new RequestId("r" + request), 1);
    var at = SampleEvents.START.plusSeconds(60L * request);
    learning.apply(new RoutingEvent.Received(at, attempt.request(), SampleEvents.facts(100)));
    var queued = at.plusMillis(ARRIVAL_MS);
    learning.apply(new RoutingEvent.Queued(queued, attempt, 3, predictedMs));
    var decided = SampleEvents.decided(at.plusMillis(realMs / 2), attempt, MODEL, NODE, 1);
    learning.apply(
        new RoutingEvent.Decided(
            decided.at(),
            attempt,
            decided.placement(),
            decided.best(),
            decided.lost(),
            new Reckoning(0.6, 500, 5_000, null),
            null));
    learning.apply(
        new RoutingEvent.Completed(at.plusMillis(realMs + 9_000), report(attempt, realMs)));
  }

  private static AttemptReport report(AttemptId attempt, long realMs) {
    return new AttemptReport(
        attempt,
        AttemptOutcome.COMPLETED,
        true,
        MODEL,
        NODE,
        "stop",
        null,
        new Usage(100, 200, 0),
        ARRIVAL_MS + realMs,
        realMs + 9_000,
        null,
        null,
        null);
  }
}
