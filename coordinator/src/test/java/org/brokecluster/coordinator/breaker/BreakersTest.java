package org.brokecluster.coordinator.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.junit.jupiter.api.Test;

class BreakersTest {
  private static final NodeId STUDIO = NodeId.of("studio");
  private static final ModelId QWEN = ModelId.of("qwen");
  private static final BreakerLimits LIMITS = new BreakerLimits(3, 5_000, 25_000, 60_000);

  private final Breakers breakers = new Breakers(LIMITS);

  @Test
  void opensAfterFailuresInARowAndLetsOneProbeThrough() {
    fail(2, 0);
    assertThat(open(1)).isFalse();

    fail(1, 0);

    assertThat(open(3_999)).isTrue();
    assertThat(open(6_001)).as("its time is over").isFalse();
    breakers.placed(STUDIO, QWEN, 6_001);
    assertThat(open(6_002)).as("one probe at a time").isTrue();
  }

  @Test
  void waitsTwiceAsLongAfterEachFailedProbeUpToTheMost() {
    fail(3, 0);
    fail(1, 0);
    assertThat(open(7_999)).isTrue();
    assertThat(open(12_001)).isFalse();

    fail(10, 0);
    assertThat(open(19_999)).isTrue();
    assertThat(open(30_001)).isFalse();
  }

  @Test
  void aWholeAnswerClosesItAndForgetsTheFailures() {
    fail(3, 0);

    breakers.worked(STUDIO, QWEN);
    fail(2, 1);

    assertThat(open(2)).isFalse();
  }

  @Test
  void aLostProbeIsFollowedByAnotherOne() {
    fail(3, 0);
    breakers.placed(STUDIO, QWEN, 10_000);

    assertThat(open(34_999)).isTrue();
    assertThat(open(35_000)).isFalse();
  }

  @Test
  void forgetsTheFailuresAfterAWhileWithoutAny() {
    fail(2, 0);
    fail(2, 60_000);
    assertThat(open(60_001)).as("two of long ago do not count").isFalse();

    fail(1, 60_001);
    assertThat(open(60_002)).isTrue();
    breakers.placed(STUDIO, QWEN, 120_000);
    assertThat(open(120_001)).as("closed by itself").isFalse();
  }

  @Test
  void countsEachModelOnEachNodeByItself() {
    fail(3, 0);

    assertThat(breakers.open(STUDIO, ModelId.of("other"), 1)).isFalse();
    assertThat(breakers.open(NodeId.of("mini"), QWEN, 1)).isFalse();
    assertThat(breakers.openCount(1)).isEqualTo(1);
    breakers.forget(STUDIO);
    assertThat(breakers.openCount(1)).isZero();
  }

  @Test
  void isNotHeldOpenByAClockThatWasSetBack() {
    fail(3, 3_600_000);
    assertThat(open(3_600_001)).isTrue();

    assertThat(open(1_000)).isFalse();
  }

  @Test
  void takesOverWhatItToldOf() {
    fail(4, 1_000);
    breakers.failed(NodeId.of("mini"), QWEN, 2_000);
    breakers.placed(STUDIO, QWEN, 20_000);

    var other = new Breakers(LIMITS);
    breakers.places().forEach(other::restore);

    assertThat(other.places()).isEqualTo(breakers.places()).hasSize(2);
    assertThat(other.open(STUDIO, QWEN, 20_001)).isTrue();
  }

  @Test
  void remembersABoundedNumberOfPlacesAndDropsThoseOfLongAgoFirst() {
    for (int i = 0; i < Breakers.PLACES_MAX; i++) {
      breakers.failed(STUDIO, ModelId.of("m" + i), i < 10 ? 0 : 50_000);
    }

    breakers.failed(NodeId.of("mini"), QWEN, 50_000);
    assertThat(breakers.places()).hasSize(Breakers.PLACES_MAX);
    breakers.failed(NodeId.of("mini"), QWEN, 60_000);

    assertThat(breakers.places()).hasSize(Breakers.PLACES_MAX - 9);
    assertThat(breakers.places().get(0).node()).isEqualTo(NodeId.of("mini"));
  }

  private void fail(int times, long now) {
    for (int i = 0; i < times; i++) {
      breakers.failed(STUDIO, QWEN, now);
    }
  }

  private boolean open(long now) {
    return breakers.open(STUDIO, QWEN, now);
  }
}
