package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.Clusters.at;
import static org.brokecluster.coordinator.routing.Clusters.attempt;
import static org.brokecluster.coordinator.routing.Clusters.facts;
import static org.brokecluster.coordinator.routing.Clusters.model;
import static org.brokecluster.coordinator.routing.Clusters.node;

import java.util.List;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.routing.Effect.ReplyQueued;
import org.brokecluster.coordinator.routing.Effect.ReplyRefused;
import org.brokecluster.coordinator.routing.Effect.SendTicket;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.router.Refusal;
import org.brokecluster.protocol.router.TrafficClass;
import org.brokecluster.protocol.router.Tried;
import org.junit.jupiter.api.Test;

/** What is said when there is no room: soon, clearly, and with a time that holds. */
class OverloadTest extends RouterCoreCase {
  private static final NodeState TWO =
      node(
          "two",
          model("small", Tier.BASIC, ModelState.LOADED, 1),
          model("middle", Tier.BALANCED, ModelState.LOADED, 1));
  private int count;

  @Test
  void pushesOutTheLatestOfWhoeverHasMostWhenSomebodyElseComes() {
    var full = core("broke.router.queue-size = 3", MINI);
    submit(full, "auto", "hog");
    submit(full, "auto", "hog");
    submit(full, "auto", "hog");
    submit(full, "auto", "hog");

    var effects = submit(full, "auto", "ada");

    var refused = only(effects, ReplyRefused.class);
    assertThat(refused.attempt()).isEqualTo(attempt("r3", 1));
    assertThat(refused.reason()).isEqualTo(Refusal.QUEUE_FULL);
    assertThat(refused.retryAfterMs()).isPositive();
    assertThat(only(effects, ReplyQueued.class).attempt()).isEqualTo(attempt("r4", 1));
    assertThat(full.queued()).isEqualTo(3);
  }

  @Test
  void refusesTheOneWhoHasMostItself() {
    var full = core("broke.router.queue-size = 2", MINI);
    for (int i = 0; i < 3; i++) {
      submit(full, "auto", "hog");
    }

    var refused = only(submit(full, "auto", "hog"), ReplyRefused.class);

    assertThat(refused.attempt()).isEqualTo(attempt("r3", 1));
  }

  @Test
  void boundsTheQueueOfAModelAndLeavesRoomForOthers() {
    var bounded = core("broke.router.queue.per-model = 1", TWO);
    submit(bounded, "small", "ada");
    submit(bounded, "small", "ada");

    var refused = only(submit(bounded, "small", "ada"), ReplyRefused.class);

    assertThat(refused.reason()).isEqualTo(Refusal.QUEUE_FULL);
    assertThat(refused.retryAfterMs()).isPositive();
    assertThat(only(submit(bounded, "middle", "ada"), SendTicket.class)).isNotNull();
    assertThat(only(submit(bounded, "middle", "ada"), ReplyQueued.class)).isNotNull();
  }

  @Test
  void boundsTheQueueOfANode() {
    var bounded = core("broke.router.queue.per-node = 1", TWO);
    submit(bounded, "small", "ada");
    submit(bounded, "middle", "ada");
    submit(bounded, "small", "ada");

    assertThat(only(submit(bounded, "middle", "ada"), ReplyRefused.class).reason())
        .isEqualTo(Refusal.QUEUE_FULL);
  }

  @Test
  void takesAFallbackWhenTheQueueOfTheModelIsFull() {
    var bounded = core("broke.router.queue.per-model = 1", TWO);
    submit(bounded, "small", "ada");
    submit(bounded, "small", "ada");
    var wishes = Clusters.wishes(null, null, null, TrafficClass.INTERACTIVE, "middle");

    var effects =
        bounded.submit(
            at(SETTLED), Clusters.submission(attempt("f", 1), facts("small", 0.1, wishes)));

    assertThat(only(effects, SendTicket.class).placement().model().value()).isEqualTo("middle");
  }

  @Test
  void tellsATimeThatHoldsAndToEachALaterOne() {
    var cluster =
        new VirtualCluster(Clusters.settings("broke.router.queue-size = 4"), List.of(MINI));
    for (int i = 0; i < 8; i++) {
      cluster.submit(20_000 + i, "r" + i, facts("small", 0.1));
    }
    cluster.runUntil(20_100);
    assertThat(cluster.refusals).hasSize(3);
    var told = cluster.refusals.stream().map(ReplyRefused::retryAfterMs).toList();
    assertThat(told).isSorted().doesNotHaveDuplicates();

    for (int i = 0; i < 3; i++) {
      cluster.submit(20_100 + told.get(i), "again" + i, facts("small", 0.1));
    }
    cluster.runUntil(200_000);

    assertThat(cluster.refusals).as("all who came back as told found room").hasSize(3);
    double mean = told.stream().mapToLong(each -> each).average().orElseThrow() / 2;
    assertThat(mean).as("about as long as an answer takes").isBetween(3_000.0, 7_000.0);
  }

  @Test
  void saysAtOnceWhenTheWaitWouldBeMuchLongerThanTheClientWaits() {
    core.nodeChanged(at(0), MINI);
    for (int i = 0; i < 6; i++) {
      submit(core, "small", "ada");
    }

    var hasty =
        core.submit(
            at(SETTLED),
            new Submission(
                attempt("hasty", 1),
                facts("small", 0.1, Clusters.wishesOf("ada", TrafficClass.INTERACTIVE)),
                2_000,
                List.of(),
                null,
                0,
                Clusters.Edge.HERE));

    var refused = only(hasty, ReplyRefused.class);
    assertThat(refused.reason()).isEqualTo(Refusal.DEADLINE);
    assertThat(refused.retryAfterMs()).isBetween(10_000L, 60_000L);
  }

  @Test
  void aFreePlaceThatIsWorseIsBetterThanARefusalWhereTheQueueIsFull() {
    var full = core("broke.router.queue-size = 1", TWO);
    assertThat(ticketFor(demanding(full, "first", 60_000))).isEqualTo("middle");
    assertThat(only(demanding(full, "waits", 60_000), ReplyQueued.class).position()).isEqualTo(1);

    assertThat(ticketFor(demanding(full, "third", 60_000))).isEqualTo("small");
    assertThat(full.queued()).as("nobody is pushed out while a place is free").isEqualTo(1);
    assertThat(only(demanding(full, "fourth", 60_000), ReplyRefused.class).reason())
        .as("nothing is free")
        .isEqualTo(Refusal.QUEUE_FULL);
  }

  @Test
  void aFreePlaceThatIsWorseIsBetterThanOneThatComesTooLate() {
    var busy = core("", TWO);
    demanding(busy, "first", 60_000);
    assertThat(demanding(busy, "patient", 60_000)).anyMatch(ReplyQueued.class::isInstance);

    assertThat(ticketFor(demanding(busy, "hasty", 3_000))).isEqualTo("small");
  }

  private static String ticketFor(List<Effect> effects) {
    return only(effects, SendTicket.class).placement().model().value();
  }

  /** A request that deserves the larger of two models. */
  private static List<Effect> demanding(RouterCore core, String request, long remainingMs) {
    return core.submit(
        at(SETTLED),
        new Submission(
            attempt(request, 1),
            facts("auto", 0.5, Clusters.wishesOf(request, TrafficClass.INTERACTIVE)),
            remainingMs,
            List.of(),
            null,
            0,
            Clusters.Edge.HERE));
  }

  @Test
  void tellsHowLongAPlaceIsToBeLeftAlone() {
    core.nodeChanged(at(0), MINI);
    core.report(at(SETTLED), rateLimited("b", "mini", "small", 30_000L), Clusters.Edge.HERE);
    submit(core, "small", "ada");

    var refused = only(core.tick(at(SETTLED + 3_500)), ReplyRefused.class);

    assertThat(refused.retryAfterMs()).isEqualTo(26_500);
  }

  @Test
  void recordsWhatWasPredicted() {
    core.nodeChanged(at(0), MINI);
    submit(core, "small", "ada");

    var queued = events(submit(core, "small", "ada"));

    assertThat(queued)
        .filteredOn(RoutingEvent.Queued.class::isInstance)
        .singleElement()
        .satisfies(event -> assertThat(((RoutingEvent.Queued) event).etaMs()).isPositive());
  }

  @Test
  void affordsOnlySoManyRetries() {
    var poor = core("broke.router.retries { ratio = 0, per-second = 0, burst = 2 }", TWO);
    assertThat(events(retry(poor, "a", Kind.RUNTIME_ERROR))).isNotEmpty();
    retry(poor, "b", Kind.RUNTIME_ERROR);

    var refused = only(retry(poor, "c", Kind.RUNTIME_ERROR), ReplyRefused.class);

    assertThat(refused.reason()).isEqualTo(Refusal.RETRY_BUDGET);
    assertThat(poor.submit(at(SETTLED), Clusters.submission(attempt("new", 1), facts("auto", 0.1))))
        .as("a new request")
        .noneMatch(ReplyRefused.class::isInstance);
    assertThat(retry(poor, "d", Kind.NODE_LOST))
        .as("work of a lost machine")
        .noneMatch(ReplyRefused.class::isInstance);
  }

  private static List<Effect> retry(RouterCore core, String request, Kind why) {
    var elsewhere = new Tried(NodeId.of("elsewhere"), null, why, 1);
    return core.submit(
        at(SETTLED),
        new Submission(
            attempt(request, 2),
            facts("auto", 0.1),
            60_000,
            List.of(elsewhere),
            null,
            0,
            Clusters.Edge.HERE));
  }

  private static RouterCore core(String overrides, NodeState... nodes) {
    var core = Clusters.core(Clusters.settings(overrides));
    for (var node : nodes) {
      core.nodeChanged(at(0), node);
    }
    return core;
  }

  private List<Effect> submit(RouterCore core, String model, String user) {
    var facts = facts(model, 0.1, Clusters.wishesOf(user, TrafficClass.INTERACTIVE));
    return core.submit(at(SETTLED), Clusters.submission(attempt("r" + count++, 1), facts));
  }
}
