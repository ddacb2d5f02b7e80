package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.Clusters.at;
import static org.brokecluster.coordinator.routing.Clusters.attempt;
import static org.brokecluster.coordinator.routing.Clusters.facts;
import static org.brokecluster.coordinator.routing.Clusters.model;
import static org.brokecluster.coordinator.routing.Clusters.node;
import static org.brokecluster.coordinator.routing.Clusters.report;
import static org.brokecluster.coordinator.routing.Clusters.submission;
import static org.brokecluster.coordinator.routing.Clusters.with;

import java.util.List;
import java.util.Map;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.routing.Effect.ReplyQueued;
import org.brokecluster.coordinator.routing.Effect.ReplyRefused;
import org.brokecluster.coordinator.routing.Effect.SendTicket;
import org.brokecluster.coordinator.routing.state.Reach;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.router.Refusal;
import org.brokecluster.protocol.router.Wishes;
import org.junit.jupiter.api.Test;

/** What a core does when nodes, edges and settings change under its requests. */
class RouterCoreChangesTest extends RouterCoreCase {
  @Test
  void freesTheWorkOfANodeThatIsGone() {
    core.nodeChanged(at(0), MINI);
    submit(SETTLED, "r1", 1);

    core.nodeGone(at(SETTLED + 1), NodeId.of("mini"));
    core.nodeChanged(at(SETTLED + 2), BIG);

    assertThat(core.ticketed()).isZero();
    assertThat(only(submit(SETTLED + 3, "r1", 2), SendTicket.class).node())
        .isEqualTo(NodeId.of("studio"));
  }

  @Test
  void numbersTicketsAnewForARestartedNode() {
    core.nodeChanged(at(0), MINI);
    submit(SETTLED, "r1", 1);

    var effects = core.nodeChanged(at(SETTLED + 1), with(MINI, Reach.UP, false, 99));

    assertThat(changes(effects)).containsExactly("left", "joined");
    assertThat(core.ticketed()).isZero();
    assertThat(only(submit(SETTLED + 2, "r2", 1), SendTicket.class).number()).isEqualTo(1);
  }

  @Test
  void freesATicketThatTwoReportsDoNotKnow() {
    core.nodeChanged(at(0), MINI);
    submit(SETTLED, "r1", 1);
    submit(SETTLED, "r2", 1);

    assertThat(core.nodeChanged(at(SETTLED + 10), report(MINI, 2, 1, 1, List.of()))).isEmpty();
    assertThat(core.nodeChanged(at(SETTLED + 11), report(MINI, 2, 1, 1, List.of())))
        .as("the same report again")
        .isEmpty();
    var effects = core.nodeChanged(at(SETTLED + 300), report(MINI, 3, 1, 1, List.of()));

    assertThat(only(effects, SendTicket.class).attempt()).isEqualTo(attempt("r2", 1));
  }

  @Test
  void keepsATicketTheNodeCannotHaveSeenYet() {
    core.nodeChanged(at(0), MINI);
    submit(SETTLED, "r1", 1);

    for (int i = 2; i < 10; i++) {
      core.nodeChanged(at(SETTLED + i), report(MINI, i, 1, 0, List.of()));
    }

    assertThat(core.ticketed()).isEqualTo(1);
  }

  @Test
  void waitsForAFirstNodeBeforeItRefuses() {
    var early = submit(1_000, "r1", 1);

    assertThat(only(early, ReplyQueued.class).position()).isEqualTo(1);
    assertThat(core.tick(at(2_900))).isEmpty();
    var refused = only(core.tick(at(3_100)), ReplyRefused.class);
    assertThat(refused.reason()).isEqualTo(Refusal.NO_NODE);
    assertThat(only(submit(4_000, "r2", 1), ReplyRefused.class).reason())
        .isEqualTo(Refusal.NO_NODE);
  }

  @Test
  void waitsForAMachineThatIsJoining() {
    core.arriving(1);
    var early = submit(SETTLED, "r1", 1);

    assertThat(only(early, ReplyQueued.class).position()).isEqualTo(1);
    assertThat(core.tick(at(SETTLED + 14_900))).isEmpty();
    assertThat(only(core.nodeChanged(at(SETTLED + 14_950), MINI), SendTicket.class).attempt())
        .isEqualTo(attempt("r1", 1));
  }

  @Test
  void doesNotWaitForEverForAMachineThatNeverTells() {
    core.arriving(1);
    submit(SETTLED, "r1", 1);

    assertThat(only(core.tick(at(SETTLED + 15_000)), ReplyRefused.class).reason())
        .isEqualTo(Refusal.NO_NODE);
  }

  @Test
  void waitsForAModelThatAnotherMachineMayBring() {
    core.nodeChanged(at(SETTLED), MINI);

    var named =
        core.submit(
            at(SETTLED + 100), submission(attempt("r1", 1), facts("large", 0.1, Wishes.NONE)));

    assertThat(only(named, ReplyQueued.class).position()).isEqualTo(1);
    var studio = node("studio", model("large", Tier.BASIC, ModelState.LOADED, 1));
    var effects = core.nodeChanged(at(SETTLED + 2_000), studio);
    assertThat(only(effects, SendTicket.class).node()).isEqualTo(NodeId.of("studio"));
  }

  @Test
  void placesWhatWaitedForAFirstNode() {
    submit(1_000, "r1", 1);

    var effects = core.nodeChanged(at(2_000), MINI);

    assertThat(only(effects, SendTicket.class).attempt()).isEqualTo(attempt("r1", 1));
  }

  @Test
  void waitsAWhileForAnUnreachableNode() {
    core.nodeChanged(at(0), MINI);
    core.nodeChanged(at(SETTLED), with(MINI, Reach.UNREACHABLE, false, 7));

    var queued = submit(SETTLED + 1, "r1", 1);

    assertThat(only(queued, ReplyQueued.class).position()).isEqualTo(1);
    var effects = core.nodeChanged(at(SETTLED + 1_000), with(MINI, Reach.UP, false, 7));
    assertThat(only(effects, SendTicket.class).node()).isEqualTo(NodeId.of("mini"));
  }

  @Test
  void dropsWaitingRequestsOfALostEdge() {
    core.nodeChanged(at(0), MINI);
    submit(SETTLED, "r1", 1);
    core.submit(
        at(SETTLED),
        new Submission(
            attempt("r2", 1),
            facts("auto", 0.1),
            60_000,
            List.of(),
            null,
            new Clusters.Edge("10.0.0.9:25520")));

    core.memberGone(at(SETTLED + 1), "10.0.0.9:25520");

    assertThat(core.queued()).isZero();
    assertThat(core.ticketed()).isEqualTo(1);
  }

  @Test
  void takesBackTheTicketsOfALostEdge() {
    core.nodeChanged(at(0), MINI);
    var there = new Clusters.Edge("10.0.0.9:25520");
    core.submit(
        at(SETTLED),
        new Submission(attempt("r1", 1), facts("auto", 0.1), 60_000, List.of(), null, there));

    var effects = core.memberGone(at(SETTLED + 1), there.member());

    assertThat(only(effects, Effect.SendCancel.class).attempt()).isEqualTo(attempt("r1", 1));
    assertThat(core.ticketed()).isZero();
  }

  @Test
  void recordsWhatHappensToNodes() {
    var joined = core.nodeChanged(at(0), MINI);
    var lost = core.nodeChanged(at(1), with(MINI, Reach.UNREACHABLE, false, 7));
    var back = core.nodeChanged(at(2), with(MINI, Reach.UP, true, 7));
    var left = core.nodeGone(at(3), NodeId.of("mini"));

    assertThat(changes(joined)).containsExactly("joined");
    assertThat(changes(lost)).containsExactly("unreachable");
    assertThat(changes(back)).containsExactly("reachable", "draining");
    assertThat(changes(left)).containsExactly("left");
  }

  @Test
  void changesTheStrategyForRequestsThatNameNone() {
    core.nodeChanged(at(0), MINI);

    assertThat(core.setStrategy(at(SETTLED), "no-such")).isEmpty();
    var changed = core.setStrategy(at(SETTLED), "speed-priority").orElseThrow();

    assertThat(events(changed)).hasExactlyElementsOfTypes(RoutingEvent.StrategyChanged.class);
    assertThat(only(submit(SETTLED, "r1", 1), SendTicket.class).placement().strategy())
        .isEqualTo("speed-priority");
  }

  @Test
  void takesOverStrategiesThatWereReadAgain() {
    core.nodeChanged(at(0), MINI);
    var before = Clusters.settings();
    var next = Clusters.settings("broke.router.strategies.thrifty { cost = 3, speed = 1 }");

    var changed = core.reconfigure(at(SETTLED), before, next, Clusters.strategies(next));

    assertThat(events(changed))
        .containsExactly(
            new RoutingEvent.StrategyChanged(
                at(SETTLED).at(),
                "balanced",
                Map.of(
                    "thrifty", Map.of("quality", 0.0, "speed", 0.25, "cost", 0.75, "load", 0.0))));
    assertThat(core.strategies()).contains("thrifty");
    assertThat(core.setStrategy(at(SETTLED), "thrifty")).isPresent();
    assertThat(only(submit(SETTLED, "r1", 1), SendTicket.class).placement().strategy())
        .isEqualTo("thrifty");
  }

  @Test
  void keepsTheStrategyInForceUnlessTheConfigurationNamesAnotherOrHasItNoMore() {
    var none = Clusters.settings();
    var mine = Clusters.settings("broke.router.strategies.mine { speed = 1 }");
    var fast = Clusters.settings("broke.router.strategy = speed-priority");
    core.reconfigure(at(1), none, mine, Clusters.strategies(mine));
    core.setStrategy(at(2), "mine");

    core.reconfigure(at(3), mine, mine, Clusters.strategies(mine));
    assertThat(core.strategy()).isEqualTo("mine");
    core.reconfigure(at(4), mine, none, Clusters.strategies(none));
    assertThat(core.strategy()).isEqualTo("balanced");
    core.reconfigure(at(5), none, fast, Clusters.strategies(fast));
    assertThat(core.strategy()).isEqualTo("speed-priority");
  }
}
