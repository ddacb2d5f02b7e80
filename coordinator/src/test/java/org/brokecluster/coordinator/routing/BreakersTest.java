package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.junit.jupiter.api.Test;

class BreakersTest {
  private static final NodeId STUDIO = NodeId.of("studio");
  private static final ModelId QWEN = ModelId.of("qwen");
  private static final BreakerSettings SETTINGS =
      new BreakerSettings(3, Duration.ofSeconds(5), Duration.ofSeconds(25), Duration.ofSeconds(60));

  private final Breakers breakers = new Breakers(SETTINGS);

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

  private void fail(int times, long now) {
    for (int i = 0; i < times; i++) {
      breakers.failed(STUDIO, QWEN, now);
    }
  }

  private boolean open(long now) {
    return breakers.open(STUDIO, QWEN, now);
  }
}
