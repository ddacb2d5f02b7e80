package org.brokecluster.coordinator.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.request.Lives.ALL_WAYS;
import static org.brokecluster.coordinator.request.Lives.FIRST;
import static org.brokecluster.coordinator.request.Lives.SECOND;
import static org.brokecluster.coordinator.request.Lives.STUDIO;
import static org.brokecluster.coordinator.request.Lives.at;
import static org.brokecluster.coordinator.request.Lives.life;
import static org.brokecluster.coordinator.request.Lives.nobodyLeft;
import static org.brokecluster.coordinator.request.Lives.rules;
import static org.brokecluster.coordinator.request.Lives.running;
import static org.brokecluster.coordinator.request.Lives.started;
import static org.brokecluster.coordinator.request.Lives.submits;

import java.util.ArrayList;
import org.brokecluster.protocol.edge.EdgeProtocol.Phase;
import org.brokecluster.protocol.edge.EdgeProtocol.Progress;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.router.Tried;
import org.junit.jupiter.api.Test;

/** How long a request waits for whom, and what it does then. */
class RequestPatienceTest {
  private static final AttemptFailure BROKEN =
      AttemptFailure.of(AttemptFailure.Kind.RUNTIME_ERROR, "boom", "it broke");

  @Test
  void repeatsAnUnansweredSubmitMoreAndMoreSlowly() {
    var life = life(rules(true));

    assertThat(life.start(0)).singleElement().isInstanceOf(LifeAction.Submit.class);
    var times = new ArrayList<Long>();
    for (long now = 0; now <= 8_000; now += 100) {
      if (life.tick(now).stream().anyMatch(LifeAction.Submit.class::isInstance)) {
        times.add(now);
      }
    }

    assertThat(times).containsExactly(500L, 1_500L, 3_500L, 7_500L);
  }

  @Test
  void letsAHiccupOfTheRuntimePassBeforeItTriesAgain() {
    var life = running(true);

    assertThat(submits(life.failed(5, FIRST, BROKEN))).isEmpty();

    assertThat(submits(life.tick(104))).isEmpty();
    assertThat(submits(life.tick(5 + 125)))
        .singleElement()
        .satisfies(
            submit ->
                assertThat(submit.avoid())
                    .containsExactly(
                        new Tried(
                            STUDIO, at(STUDIO).model(), AttemptFailure.Kind.RUNTIME_ERROR, 1)));
  }

  @Test
  void waitsTwiceAsLongAfterEveryFurtherFailure() {
    var life = running(true);
    life.failed(0, FIRST, BROKEN);
    life.refused(1, nobodyLeft(SECOND));
    life.tick(700);
    life.ready(700, life.attempt(), at(STUDIO), ALL_WAYS, false);
    life.failed(1_000, life.attempt(), BROKEN);
    life.refused(1_001, nobodyLeft(life.attempt()));

    assertThat(submits(life.tick(2_000))).isEmpty();
    assertThat(submits(life.tick(2_001 + 250))).hasSize(1);
  }

  @Test
  void givesUpANodeThatWasPlacedButNeverSaysReady() {
    var life = started(true);
    life.placed(100, FIRST, STUDIO);

    assertThat(submits(life.tick(1_000))).noneMatch(submit -> submit.attempt().equals(SECOND));
    assertThat(submits(life.tick(1_100))).anyMatch(submit -> submit.attempt().equals(SECOND));
  }

  @Test
  void waitsThirtySecondsForARouterAndThenSaysSo() {
    var life = started(true);

    assertThat(life.tick(29_999)).noneMatch(LifeAction.Refuse.class::isInstance);
    assertThat(life.tick(30_000)).anyMatch(LifeAction.Refuse.class::isInstance);
  }

  @Test
  void givesUpASilentNodeAfterThreePredictionsAndAMargin() {
    var life = running(true);

    assertThat(life.tick(10_000)).isEmpty();
    assertThat(submits(life.tick(10_031))).hasSize(1);
  }

  @Test
  void countsOnlyProgressThatGoesOnAsLife() {
    var life = running(true);
    life.progress(9_000, new Progress(FIRST, Phase.PREFILL, 0.2));
    life.progress(15_000, new Progress(FIRST, Phase.PREFILL, 0.2));

    assertThat(life.tick(19_000)).isEmpty();
    assertThat(submits(life.tick(19_031))).hasSize(1);
  }

  @Test
  void allowsTwiceTheTimeOnceAnAttemptWasGivenUp() {
    var life = running(true);
    life.tick(10_031);
    life.ready(10_100, SECOND, at(STUDIO), ALL_WAYS, false);

    assertThat(life.tick(30_000)).isEmpty();
    assertThat(submits(life.tick(30_200))).hasSize(1);
  }

  @Test
  void blamesNobodyForTheTimeThisMachineSlept() {
    var life = running(true);

    life.forgive(60_000);

    assertThat(life.tick(60_001)).isEmpty();
  }

  @Test
  void waitsAsLongAsABusyRuntimeAskedFor() {
    var life = running(true);
    life.failed(
        5,
        FIRST,
        new AttemptFailure(AttemptFailure.Kind.RATE_LIMITED, 429, "busy", "wait", null, 2_000L));

    life.refused(6, nobodyLeft(SECOND));

    assertThat(submits(life.tick(2_000))).isEmpty();
    assertThat(submits(life.tick(2_006 + 500))).hasSize(1);
  }
}
