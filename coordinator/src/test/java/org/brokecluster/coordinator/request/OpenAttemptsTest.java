package org.brokecluster.coordinator.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.junit.jupiter.api.Test;

class OpenAttemptsTest {
  private static final NodeId NODE = NodeId.of("mini");
  private static final AttemptId ATTEMPT = new AttemptId(RequestId.of("r"), 1);

  private final OpenAttempts open = new OpenAttempts(250, 1_000);

  @Test
  void losesTheAttemptsOfANodeThatIsSilentForASecond() {
    open.opened(0, ATTEMPT, NODE);

    assertThat(ticksUntil(250, 750)).isEmpty();
    assertThat(open.tick(1_000)).extracting(OpenAttempts.Lost::attempt).containsExactly(ATTEMPT);
  }

  @Test
  void saysItAgainEverySecondUntilTheAttemptIsClosedOrItsNodeIsHeard() {
    open.opened(0, ATTEMPT, NODE);
    ticksUntil(250, 1_000);

    assertThat(ticksUntil(1_250, 1_750)).isEmpty();
    assertThat(open.tick(2_000)).hasSize(1);
    assertThat(open.on(NODE)).as("the node is told that its edge lives").hasSize(1);
    open.beat(2_100, NODE, List.of(ATTEMPT));
    assertThat(ticksUntil(2_250, 3_000)).isEmpty();
    assertThat(open.tick(3_250)).hasSize(1);
    open.closed(ATTEMPT);
    assertThat(ticksUntil(3_500, 6_000)).isEmpty();
    assertThat(open.size()).isZero();
  }

  @Test
  void leavesAnAttemptWithTheNodeThatHasItAlready() {
    assertThat(open.opened(0, ATTEMPT, NODE)).isTrue();
    assertThat(open.opened(5, ATTEMPT, NODE)).as("said again").isTrue();

    assertThat(open.opened(10, ATTEMPT, NodeId.of("studio"))).isFalse();
    open.closed(ATTEMPT);

    assertThat(open.nodes()).isEmpty();
    assertThat(open.opened(20, ATTEMPT, NodeId.of("studio"))).isTrue();
  }

  @Test
  void suspectsNobodyWhenItsOwnTickCameLate() {
    open.opened(0, ATTEMPT, NODE);
    open.tick(250);

    assertThat(open.tick(30_000)).isEmpty();
    assertThat(open.tick(30_250)).isEmpty();
  }

  @Test
  void takesTokensAsSignsOfLife() {
    open.opened(0, ATTEMPT, NODE);
    ticksUntil(250, 750);
    open.heard(900, ATTEMPT);

    assertThat(open.tick(1_000)).isEmpty();
  }

  @Test
  void losesAnAttemptThatTwoBeatsDoNotMention() {
    open.opened(0, ATTEMPT, NODE);

    assertThat(open.beat(100, NODE, List.of())).isEmpty();
    assertThat(open.beat(350, NODE, List.of()))
        .extracting(OpenAttempts.Lost::attempt)
        .containsExactly(ATTEMPT);
  }

  @Test
  void forgetsANodeWithItsLastAttempt() {
    open.opened(0, ATTEMPT, NODE);

    open.closed(ATTEMPT);

    assertThat(open.nodes()).isEmpty();
    assertThat(open.tick(5_000)).isEmpty();
  }

  private List<OpenAttempts.Lost> ticksUntil(long from, long to) {
    var lost = List.<OpenAttempts.Lost>of();
    for (long now = from; now <= to; now += 250) {
      lost = open.tick(now);
    }
    return lost;
  }
}
