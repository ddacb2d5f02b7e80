package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.Clusters.at;
import static org.brokecluster.coordinator.routing.Clusters.attempt;
import static org.brokecluster.coordinator.routing.Clusters.model;
import static org.brokecluster.coordinator.routing.Clusters.node;

import java.util.ArrayList;
import java.util.List;
import org.brokecluster.coordinator.routing.Effect.SendTicket;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.router.TrafficClass;
import org.junit.jupiter.api.Test;

/** How many answers are made at once, and what is left to others. */
class RoomTest {
  private static final long SETTLED = 10_000;
  private static final NodeState WIDE =
      node("wide", model("wide", Tier.BASIC, ModelState.LOADED, 12));
  private static final NodeState MIXED =
      node(
          "mixed",
          model("small", Tier.BASIC, ModelState.LOADED, 4),
          model("middle", Tier.BALANCED, ModelState.LOADED, 4));

  private int count;

  @Test
  void makesNoMoreAnswersOnANodeThanItMayWhateverItsModels() {
    var core = core("broke.router.concurrency-by-slots = false", MIXED);

    assertThat(burst(core, "small", 4, "ada")).hasSize(4);
    assertThat(burst(core, "middle", 4, "ada")).hasSize(1);
    assertThat(core.queued()).isEqualTo(3);
  }

  @Test
  void letsANodeUseTheStreamsOfAllItsModelsUnlessToldOtherwise() {
    var core = core("broke.router.concurrency-per-node = 5", MIXED);

    assertThat(burst(core, "small", 6, "ada")).hasSize(4);
    assertThat(burst(core, "middle", 6, "ada")).hasSize(4);
  }

  @Test
  void givesTheNextPlaceWhenOneComesFree() {
    var core = core("broke.router.concurrency-by-slots = false", MIXED);
    var small = burst(core, "small", 4, "ada");
    burst(core, "middle", 4, "ada");

    var served = close(core, small.get(0));

    assertThat(served).extracting(each -> each.placement().model().value()).containsOnly("middle");
    assertThat(core.ticketed()).isEqualTo(5);
  }

  @Test
  void letsANodeRunAsManyStreamsAsItsModelUnlessToldOtherwise() {
    var free = core("broke.router.concurrency = 8", WIDE);
    var strict = core("broke.router.concurrency-by-slots = false", WIDE);

    assertThat(burst(free, "wide", 20, "ada")).hasSize(12);
    assertThat(burst(strict, "wide", 20, "ada")).hasSize(5);
  }

  @Test
  void makesNoMoreAnswersInTheClusterThanItMay() {
    var core =
        core(
            "broke.router { concurrency = 3, concurrency-by-slots = false }",
            WIDE,
            node("two", model("wide", Tier.BASIC, ModelState.LOADED, 12)));

    var placed = burst(core, "wide", 10, "ada");

    assertThat(placed).hasSize(3);
    assertThat(close(core, placed.get(0))).as("anywhere").hasSize(1);
    assertThat(core.ticketed()).isEqualTo(3);
  }

  @Test
  void leavesAQuarterToOthersWhileSomebodyElseIsAbout() {
    var core = core("", WIDE);
    close(core, burst(core, "wide", 1, "bob").get(0));

    assertThat(burst(core, "wide", 20, "hog")).hasSize(9);
    assertThat(burst(core, "wide", 1, "bob")).as("finds room at once").hasSize(1);
    assertThat(core.queued()).isEqualTo(11);
  }

  @Test
  void leavesNothingFreeForThoseWhoWereLastSeenLongAgo() {
    var core = core("broke.router.reserve.window = 5s", WIDE);
    close(core, burst(core, "wide", 1, "bob").get(0));

    var late = new ArrayList<SendTicket>();
    for (int i = 0; i < 20; i++) {
      late.addAll(submit(core, SETTLED + 6_000, "wide", "hog", TrafficClass.INTERACTIVE));
    }

    assertThat(late).hasSize(12);
  }

  @Test
  void leavesNothingToThoseWhoAreLessUrgent() {
    var core = core("", WIDE);
    submit(core, SETTLED, "wide", "bob", TrafficClass.BATCH);

    assertThat(burst(core, "wide", 20, "ada")).hasSize(11);
  }

  @Test
  void agentsLeaveRoomToPeopleAndNotToOtherAgents() {
    var among = core("", WIDE);
    submit(among, SETTLED, "wide", "bob", TrafficClass.AGENT);
    var beside = core("", WIDE);
    submit(beside, SETTLED, "wide", "bob", TrafficClass.INTERACTIVE);

    assertThat(agents(among)).isEqualTo(11);
    assertThat(agents(beside)).isLessThan(11);
  }

  private int agents(RouterCore core) {
    int placed = 0;
    for (int i = 0; i < 20; i++) {
      placed += submit(core, SETTLED, "wide", "hog", TrafficClass.AGENT).size();
    }
    return placed;
  }

  @Test
  void keepsOneModelBusyOnANodeWhileOthersAreAbout() {
    var core = core("", MIXED);
    close(core, burst(core, "small", 1, "bob").get(0));

    assertThat(burst(core, "small", 1, "hog")).hasSize(1);
    assertThat(burst(core, "middle", 1, "hog")).isEmpty();
    assertThat(burst(core, "middle", 1, "bob")).hasSize(1);
    var later = tickets(core.tick(at(SETTLED + 30_000)));
    assertThat(later).as("but not for ever").hasSize(1);
  }

  private static RouterCore core(String overrides, NodeState... nodes) {
    var core = Clusters.core(Clusters.settings(overrides));
    for (var node : nodes) {
      core.nodeChanged(at(0), node);
    }
    return core;
  }

  private List<SendTicket> burst(RouterCore core, String model, int requests, String user) {
    var placed = new ArrayList<SendTicket>();
    for (int i = 0; i < requests; i++) {
      placed.addAll(submit(core, SETTLED, model, user, TrafficClass.INTERACTIVE));
    }
    return placed;
  }

  private List<SendTicket> submit(
      RouterCore core, long millis, String model, String user, TrafficClass trafficClass) {
    var facts = Clusters.facts(model, 0.1, Clusters.wishesOf(user, trafficClass));
    return tickets(core.submit(at(millis), Clusters.submission(attempt("r" + count++, 1), facts)));
  }

  private static List<SendTicket> close(RouterCore core, SendTicket ticket) {
    return tickets(
        core.attemptClosed(at(SETTLED), ticket.attempt(), ticket.term(), ticket.number()));
  }

  private static List<SendTicket> tickets(List<Effect> effects) {
    return effects.stream()
        .filter(SendTicket.class::isInstance)
        .map(SendTicket.class::cast)
        .toList();
  }
}
