package org.brokecluster.coordinator.routing.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.decision.Places.loaded;
import static org.brokecluster.coordinator.routing.decision.Places.node;

import java.util.List;
import org.brokecluster.coordinator.routing.ask.Patience;
import org.brokecluster.coordinator.routing.ask.Question;
import org.brokecluster.coordinator.routing.filter.Verdict;
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

  /** Reading it takes 12 s elsewhere. */
  private static final int SHORT_PROMPT = 6_000;

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

  @Test
  void takesWhatIsDoneWithinTheTimeItsClientAllows() {
    var nodes = List.of(node("home", 64, loaded(0)), node("other", 64, loaded(1)));
    var other = decision(nodes, LONG_PROMPT, patience(Long.MAX_VALUE)).candidates().get(1);
    var home = decision(nodes, LONG_PROMPT, patience(Long.MAX_VALUE)).candidates().get(0);
    assertThat(home.finishMs()).as("home is sooner, but busy").isLessThan(other.finishMs());
    long both = (long) Math.ceil(Math.max(home.finishMs() + home.waitMs(), other.finishMs()));

    assertThat(verdicts(nodes, LONG_PROMPT, both))
        .containsExactly(Verdict.AWAITED, Verdict.OUTSCORED);
    long homeAlone = (long) Math.ceil(home.finishMs() + home.waitMs());
    assertThat(verdicts(nodes, LONG_PROMPT, homeAlone))
        .containsExactly(Verdict.AWAITED, Verdict.TOO_LATE);
    assertThat(verdicts(nodes, LONG_PROMPT, 10))
        .as("where nobody is in time, time decides nothing")
        .containsExactly(Verdict.AWAITED, Verdict.OUTSCORED);
  }

  @Test
  void aWaitThatMayTakeTwiceAsLongIsNotInTime() {
    var nodes = List.of(node("home", 64, loaded(0)), node("other", 64, loaded(1)));
    var home = decision(nodes, SHORT_PROMPT, patience(Long.MAX_VALUE)).candidates().get(0);
    long twice = (long) Math.ceil(home.finishMs() + home.waitMs());

    assertThat(verdicts(nodes, SHORT_PROMPT, twice))
        .containsExactly(Verdict.NO_ROOM, Verdict.CHOSEN);
    assertThat(verdicts(nodes, SHORT_PROMPT, twice - 1))
        .containsExactly(Verdict.TOO_LATE, Verdict.CHOSEN);
  }

  @Test
  void whoMayNotWaitTakesWhatIsFree() {
    var nodes = List.of(node("home", 64, loaded(0)), node("other", 64, loaded(0)));

    assertThat(decision(nodes, LONG_PROMPT, patience(Long.MAX_VALUE)))
        .isInstanceOf(Decision.Waiting.class);
    assertThat(decision(nodes, LONG_PROMPT, patience(Long.MAX_VALUE).atOnce()))
        .isInstanceOf(Decision.Chosen.class);
  }

  private static Patience patience(long leftMs) {
    return new Patience(0, leftMs, true);
  }

  private List<Verdict> verdicts(List<NodeState> nodes, int prompt, long leftMs) {
    return decision(nodes, prompt, patience(leftMs)).candidates().stream()
        .map(Candidate::verdict)
        .toList();
  }

  private boolean waits(TrafficClass trafficClass, int prompt, long waitedMs) {
    var nodes = List.of(node("home", 64, loaded(0)), node("other", 64, loaded(0)));
    return waits(nodes, trafficClass, prompt, waitedMs);
  }

  private boolean waits(
      List<NodeState> nodes, TrafficClass trafficClass, int prompt, long waitedMs) {
    var question = Places.question(trafficClass, prompt, waitedMs);
    return decision(nodes, question, prompt) instanceof Decision.Waiting;
  }

  private Decision decision(List<NodeState> nodes, int prompt, Patience patience) {
    return decision(nodes, Places.question(TrafficClass.INTERACTIVE, prompt, patience), prompt);
  }

  private Decision decision(List<NodeState> nodes, Question question, int prompt) {
    var board =
        places.board(
            nodes, spot -> spot.node().value().equals("home") ? prompt - 10 : 0, spot -> 0);
    return new Decider(Places.TUNING, new TierQuality(Places.TUNING)).decide(question, board);
  }
}
