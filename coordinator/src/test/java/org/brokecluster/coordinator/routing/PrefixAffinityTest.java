package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.Clusters.at;
import static org.brokecluster.coordinator.routing.Clusters.attempt;
import static org.brokecluster.coordinator.routing.Clusters.model;
import static org.brokecluster.coordinator.routing.Clusters.node;
import static org.brokecluster.coordinator.routing.Clusters.profile;
import static org.brokecluster.coordinator.routing.Clusters.submission;

import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.brokecluster.coordinator.routing.Effect.SendTicket;
import org.brokecluster.coordinator.routing.decision.Explanation;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.Wishes;
import org.junit.jupiter.api.Test;

/** A prompt goes where its beginning has been read before, as far as that saves time. */
class PrefixAffinityTest {
  private static final int TURN = 2_000;
  private static final NodeState ALPHA = mac("alpha", ModelState.LOADED);
  private static final NodeState BETA = mac("beta", ModelState.LOADED);

  private RouterCore core = started("");
  private int count;

  @Test
  void sendsTheNextTurnWhereTheConversationIs() {
    var first = answer(turn(7, 1), 0);
    var second = answer(turn(8, 1), 0, first);

    assertThat(second).isNotEqualTo(first);
    assertThat(answer(turn(8, 2), TURN)).isEqualTo(second);
    assertThat(answer(turn(7, 2), TURN)).isEqualTo(first);
  }

  @Test
  void goesElsewhereWhenTheWaitWouldTakeLongerThanReadingAgain() {
    var home = answer(turn(7, 1), 0);
    for (int i = 0; i < 4; i++) {
      send(turn(100 + i, 1), home);
    }

    assertThat(send(turn(7, 2), null).node()).isNotEqualTo(home);
  }

  @Test
  void forgetsWhatIsNotInMemoryAnyMore() {
    var home = answer(turn(9, 1), 0);
    core.nodeChanged(at(20_000), mac(home.value(), ModelState.DISK));
    core.nodeChanged(at(21_000), mac(home.value(), ModelState.LOADED));

    assertThat(cachedTokens(turn(9, 2))).containsOnly(0);
  }

  @Test
  void believesAServerThatSaysItHadNothing() {
    var home = answer(turn(7, 1), 0);
    answer(turn(7, 2), 0);

    assertThat(home).isNotNull();
    assertThat(cachedTokens(turn(7, 3)).stream().mapToInt(Integer::intValue).max().orElse(0))
        .isBetween(1, 2 * TURN - TURN / 2);
  }

  @Test
  void countsNothingWhenSwitchedOff() {
    core = started("broke.router.prefix.enabled = false");
    answer(turn(7, 1), 0);

    assertThat(cachedTokens(turn(7, 2))).containsOnly(0);
  }

  @Test
  void tellsWhatItCountsOn() {
    answer(turn(7, 1), 0);

    assertThat(cachedTokens(turn(7, 2))).containsExactlyInAnyOrder(TURN, 0);
  }

  private List<Integer> cachedTokens(RequestFacts facts) {
    return core.dryRun(at(30_000), facts).candidates().stream()
        .map(Explanation.Row::times)
        .map(times -> times == null ? -1 : times.cachedTokens())
        .toList();
  }

  /** Has a turn answered; where it was. */
  private NodeId answer(RequestFacts facts, int cached, NodeId... not) {
    for (var busy : not) {
      send(turn(1_000, 1), busy);
    }
    var sent = send(facts, null);
    core.attemptClosed(at(11_000), sent.attempt(), sent.term(), sent.number());
    core.report(
        at(11_000),
        new AttemptReport(
            sent.attempt(),
            AttemptOutcome.COMPLETED,
            true,
            sent.placement().model(),
            sent.node(),
            "stop",
            null,
            new Usage(facts.promptTokens(), 100, cached),
            100L,
            1_000,
            900L,
            null,
            null),
        Clusters.Edge.HERE);
    for (int i = 0; i < not.length; i++) {
      core.withdraw(at(11_000), RequestId.of("r" + (count - 2 - i)));
    }
    return sent.node();
  }

  private SendTicket send(RequestFacts facts, NodeId only) {
    var wished =
        only == null
            ? facts
            : facts.with(Clusters.wishes(null, null, only.value(), Wishes.NONE.trafficClass()));
    return Decisions.find(
        core.submit(at(10_000), submission(attempt("r" + count++, 1), wished)), SendTicket.class);
  }

  private static RequestFacts turn(int conversation, int turns) {
    var prefix = LongStream.rangeClosed(1, turns).map(i -> conversation * 1_000L + i).boxed();
    var tokens = LongStream.rangeClosed(1, turns).mapToObj(i -> (int) i * TURN);
    return new RequestFacts(
        Api.CHAT,
        "small",
        true,
        profile(0.1, 100),
        turns * TURN + 10,
        4L * turns * TURN,
        null,
        Set.of(),
        Wishes.NONE,
        prefix.toList(),
        tokens.toList());
  }

  private static RouterCore started(String overrides) {
    var core = Clusters.core(Clusters.settings(overrides));
    core.nodeChanged(at(0), ALPHA);
    core.nodeChanged(at(0), BETA);
    return core;
  }

  private static NodeState mac(String name, ModelState state) {
    return node(name, model("small", Tier.BASIC, state, 4));
  }
}
