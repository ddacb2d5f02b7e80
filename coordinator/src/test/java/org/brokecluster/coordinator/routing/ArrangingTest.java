package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.Clusters.attempt;
import static org.brokecluster.coordinator.routing.Clusters.model;
import static org.brokecluster.coordinator.routing.Clusters.node;

import java.time.Duration;
import java.util.List;
import org.brokecluster.coordinator.history.event.ByPlan;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.fold.RoutingState;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;
import org.junit.jupiter.api.Test;

/** What the plan has done is ordered and recorded, with its reason. */
class ArrangingTest {
  private static final String MODEL = "qwen3-14b";
  private static final String PLAN =
      "broke.router.placement { mode = %s, residence = 0s, gain-min = 1s, interval = 1s }";

  @Test
  void recordsWhatThePlanHasDoneAndWhy() {
    var effects = afterABusyMinute("act");

    var arranged = events(effects);
    assertThat(arranged).hasSize(1);
    assertThat(arranged.get(0).model()).isEqualTo(ModelId.of(MODEL));
    assertThat(arranged.get(0).node()).isEqualTo(NodeId.of("mac-b"));
    assertThat(arranged.get(0).load()).isTrue();
    assertThat(arranged.get(0).gainMs()).isGreaterThan(1_000);
    assertThat(arranged.get(0).why()).contains("requests an hour");
    assertThat(effects)
        .contains(
            new Effect.OrderModel(
                NodeId.of("mac-b"), ModelId.of(MODEL), true, Duration.ofMinutes(20)));
  }

  @Test
  void doesAndRecordsNothingWhereItOnlySuggests() {
    var effects = afterABusyMinute("suggest");

    assertThat(events(effects)).isEmpty();
    assertThat(effects).noneMatch(Effect.OrderModel.class::isInstance);
  }

  @Test
  void isPartOfTheStateThatReplayComparesAndIsReadBack() {
    var arranged = events(afterABusyMinute("act")).get(0);
    var state = new RoutingState();
    for (int i = 1; i <= RoutingState.MOVES_MAX + 3; i++) {
      state.apply(i, arranged);
    }

    assertThat(state.moves()).hasSize(RoutingState.MOVES_MAX).containsOnly(arranged);
    assertThat(RoutingState.fromJson(state.json()).moves()).isEqualTo(state.moves());
    assertThat(RoutingState.fromJson(state.json()).hash()).isEqualTo(state.hash());
  }

  @Test
  void saysOfARequestThatItsModelWasThereByThePlan() {
    var core = Clusters.core(Clusters.settings(PLAN.formatted("act")));
    var arranged = events(afterABusyMinute(core)).get(0);

    var now = Clusters.at(Decisions.SETTLED + 100_000);
    core.nodeChanged(now, node("mac-b", model(MODEL, Tier.BALANCED, ModelState.LOADED, 4)));
    core.nodeGone(now, NodeId.of("mac-a"));
    for (int i = 1; i < 20; i++) {
      core.withdraw(now, RequestId.of("r" + i));
    }

    var late = decided(core.submit(now, submission("late")));

    var byPlan = new ByPlan(arranged.at(), arranged.why());
    assertThat(late.placement().node()).isEqualTo(NodeId.of("mac-b"));
    assertThat(late.byPlan()).isEqualTo(byPlan);
    assertThat(Decisions.explain(core, "late").chosen().byPlan()).isEqualTo(byPlan);
    assertThat(Decisions.explain(core, "r0").chosen().byPlan()).as("before the plan").isNull();
  }

  private static List<Effect> afterABusyMinute(String mode) {
    return afterABusyMinute(Clusters.core(Clusters.settings(PLAN.formatted(mode))));
  }

  private static List<Effect> afterABusyMinute(RouterCore core) {
    long now = Decisions.SETTLED;
    core.nodeChanged(
        Clusters.at(0), node("mac-a", model(MODEL, Tier.BALANCED, ModelState.LOADED, 4)));
    core.nodeChanged(
        Clusters.at(0), node("mac-b", model(MODEL, Tier.BALANCED, ModelState.DISK, 4)));
    for (int i = 0; i < 20; i++) {
      now += 3_000;
      core.submit(Clusters.at(now), submission("r" + i));
    }
    return core.tick(Clusters.at(now + 2_000));
  }

  private static Submission submission(String request) {
    return new Submission(
        attempt(request, 1),
        Clusters.facts(MODEL, 0.4),
        600_000,
        List.of(),
        null,
        Clusters.Edge.HERE);
  }

  private static RoutingEvent.Decided decided(List<Effect> effects) {
    return effects.stream()
        .filter(Effect.Emit.class::isInstance)
        .map(effect -> ((Effect.Emit) effect).event())
        .filter(RoutingEvent.Decided.class::isInstance)
        .map(RoutingEvent.Decided.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static List<RoutingEvent.Arranged> events(List<Effect> effects) {
    return effects.stream()
        .filter(Effect.Emit.class::isInstance)
        .map(effect -> ((Effect.Emit) effect).event())
        .filter(RoutingEvent.Arranged.class::isInstance)
        .map(RoutingEvent.Arranged.class::cast)
        .toList();
  }
}
