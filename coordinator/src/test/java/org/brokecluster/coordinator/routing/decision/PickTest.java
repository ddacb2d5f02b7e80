package org.brokecluster.coordinator.routing.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.decision.Places.loaded;
import static org.brokecluster.coordinator.routing.decision.Places.node;

import java.util.List;
import org.brokecluster.coordinator.routing.quality.TierQuality;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.protocol.router.TrafficClass;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long somebody waits for the place whose cache knows the prompt while another one is free. */
class PickTest {
  /** Reading it takes 24 s elsewhere; at home it is in the cache, but 7 s must be waited for. */
  private static final int PROMPT = 11_800;

  /** The same, but reading takes a minute. */
  private static final int LONG_PROMPT = 30_000;

  private final Places places = new Places();

  @BeforeEach
  void homeIsFull() {
    places.open("home", "m0", Places.SLOTS);
  }

  @Test
  void somebodyWhoWatchesTakesAPlaceThatIsNotFarSlowerOnceItsPatienceIsOver() {
    assertThat(waits(TrafficClass.INTERACTIVE, PROMPT, Places.PATIENCE_MS - 1)).isTrue();
    assertThat(waits(TrafficClass.INTERACTIVE, PROMPT, Places.PATIENCE_MS)).isFalse();
  }

  @Test
  void anAgentStaysWithItsCacheTenTimesAsLong() {
    assertThat(waits(TrafficClass.AGENT, PROMPT, 10 * Places.PATIENCE_MS - 1)).isTrue();
    assertThat(waits(TrafficClass.AGENT, PROMPT, 10 * Places.PATIENCE_MS)).isFalse();
  }

  @Test
  void aPlaceThatIsFarSlowerIsTakenAtLast() {
    assertThat(waits(TrafficClass.INTERACTIVE, LONG_PROMPT, 4 * Places.PATIENCE_MS - 1)).isTrue();
    assertThat(waits(TrafficClass.INTERACTIVE, LONG_PROMPT, 4 * Places.PATIENCE_MS)).isFalse();
    assertThat(waits(TrafficClass.BATCH, LONG_PROMPT, 40 * Places.PATIENCE_MS - 1)).isTrue();
    assertThat(waits(TrafficClass.BATCH, LONG_PROMPT, 40 * Places.PATIENCE_MS)).isFalse();
  }

  @Test
  void anotherModelIsTakenWhenPatienceIsOverWhoeverAsks() {
    var nodes = List.of(node("home", 64, loaded(0)), node("other", 64, loaded(1)));

    assertThat(waits(nodes, TrafficClass.AGENT, LONG_PROMPT, Places.PATIENCE_MS - 1)).isTrue();
    assertThat(waits(nodes, TrafficClass.AGENT, LONG_PROMPT, Places.PATIENCE_MS)).isFalse();
  }

  private boolean waits(TrafficClass trafficClass, int prompt, long waitedMs) {
    var nodes = List.of(node("home", 64, loaded(0)), node("other", 64, loaded(0)));
    return waits(nodes, trafficClass, prompt, waitedMs);
  }

  private boolean waits(
      List<NodeState> nodes, TrafficClass trafficClass, int prompt, long waitedMs) {
    var board =
        places.board(
            nodes, spot -> spot.node().value().equals("home") ? prompt - 10 : 0, spot -> 0);
    var question = Places.question(trafficClass, prompt, waitedMs);
    var decision =
        new Decider(Places.TUNING, new TierQuality(Places.TUNING)).decide(question, board);
    return decision instanceof Decision.Waiting;
  }
}
