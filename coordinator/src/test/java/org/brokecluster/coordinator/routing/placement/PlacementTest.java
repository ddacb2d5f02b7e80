package org.brokecluster.coordinator.routing.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.brokecluster.coordinator.routing.demand.Demand;
import org.brokecluster.coordinator.routing.demand.DemandSettings;
import org.brokecluster.coordinator.routing.ledger.Ledger;
import org.brokecluster.coordinator.routing.state.Echo;
import org.brokecluster.coordinator.routing.state.HostedModel;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.coordinator.routing.state.Reach;
import org.brokecluster.coordinator.routing.state.Snapshot;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.protocol.state.ModelLoad;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private static final long GIB = 1L << 30;
  private static final long MINUTE = 60_000;
  private static final Instant START = Instant.parse("2026-11-16T09:00:00Z");
  private static final ModelId LARGE = ModelId.of("large");
  private static final ModelId SMALL = ModelId.of("small");

  private final Demand demand = new Demand(new DemandSettings(Duration.ofMinutes(10), 100));
  private final Placement placement = placement(PlacementMode.ACT, 2);

  @Test
  void loadsWhatIsAskedForAndInMemoryNowhere() {
    var idle = cluster(node("a", 64, model("large", 18, ModelState.DISK, false)));

    assertThat(play(idle, 0, 14, LARGE, 2)).as("while it watches").isEmpty();
    var moves = play(idle, 14, 20, LARGE, 2);

    assertThat(moves).hasSize(1);
    assertThat(moves.get(0).kind()).isEqualTo(Move.Kind.LOAD);
    assertThat(moves.get(0).why()).contains("in memory nowhere");
  }

  @Test
  void leavesAloneWhatNobodyAsksFor() {
    var idle = cluster(node("a", 64, model("large", 18, ModelState.DISK, false)));

    assertThat(play(idle, 0, 60, SMALL, 2)).isEmpty();
  }

  @Test
  void makesASecondCopyOfWhatIsBusy() {
    var cluster =
        cluster(
            node("a", 64, model("large", 18, ModelState.LOADED, false)),
            node("b", 64, model("large", 18, ModelState.DISK, false)));

    var quiet = play(cluster, 0, 20, LARGE, 0.1);
    var busy = play(cluster, 20, 60, LARGE, 5);

    assertThat(quiet).isEmpty();
    assertThat(busy).isNotEmpty();
    assertThat(busy.get(0).node()).isEqualTo(NodeId.of("b"));
  }

  @Test
  void pushesNothingOutThatIsPinnedOrWantedAsMuch() {
    var pinned =
        cluster(
            node(
                "a",
                1,
                model("large", 18, ModelState.DISK, false),
                model("small", 18, ModelState.LOADED, true)));
    var wanted =
        cluster(
            node(
                "a",
                1,
                model("large", 18, ModelState.DISK, false),
                model("small", 18, ModelState.LOADED, false)));

    assertThat(play(pinned, 0, 30, LARGE, 2)).isEmpty();
    for (int minute = 30; minute < 90; minute++) {
      ask(SMALL, minute, 0);
      ask(SMALL, minute, 30);
    }
    assertThat(play(wanted, 30, 90, LARGE, 0.05)).isEmpty();
  }

  @Test
  void pushesOutWhatNobodyWants() {
    var cluster =
        cluster(
            node(
                "a",
                1,
                model("large", 18, ModelState.DISK, false),
                model("small", 18, ModelState.LOADED, false)));

    var moves = play(cluster, 0, 30, LARGE, 2);

    assertThat(moves).isNotEmpty();
    assertThat(moves.get(0).evicts()).containsExactly(SMALL);
  }

  @Test
  void sparesNodesThatAreDrainedOrGone() {
    var drained =
        Snapshot.of(
            List.of(
                state("a", 64, Reach.UP, true, List.of(model("large", 18, ModelState.DISK, false))),
                state(
                    "b",
                    64,
                    Reach.UNREACHABLE,
                    false,
                    List.of(model("large", 18, ModelState.DISK, false)))));

    assertThat(play(drained, 0, 60, LARGE, 2)).isEmpty();
  }

  @Test
  void makesNoMoreMovesInAnHourThanItMay() {
    var random = new Random(5);
    int orders = 0;
    for (int minute = 0; minute < 180; minute++) {
      var models = new ArrayList<HostedModel>();
      for (int m = 0; m < 6; m++) {
        var id = "m" + m;
        models.add(model(id, 8, random.nextBoolean() ? ModelState.DISK : ModelState.LOADED, false));
        ask(ModelId.of(id), minute, 7 * m);
      }
      var flapping = Snapshot.of(List.of(state("a", 30, Reach.UP, false, models)));
      orders += tick(placement(PlacementMode.ACT, 2), flapping, minute).size();
      orders += tick(placement, flapping, minute).size();
    }

    assertThat(orders).isLessThanOrEqualTo(6);
  }

  @Test
  void suggestsOnceAndTellsWhetherAnybodyDidIt() {
    var suggesting = placement(PlacementMode.SUGGEST, 2);
    var idle = cluster(node("a", 64, model("large", 18, ModelState.DISK, false)));
    var loaded = cluster(node("a", 64, model("large", 18, ModelState.LOADED, false)));
    for (int minute = 0; minute < 25; minute++) {
      ask(LARGE, minute, 0);
      assertThat(tick(suggesting, idle, minute)).isEmpty();
    }
    var before = suggesting.view(at(25), 25 * MINUTE);

    tick(suggesting, loaded, 26);
    suggesting.used(NodeId.of("a"), LARGE, 27 * MINUTE);

    assertThat(before.moves()).hasSize(1);
    assertThat(before.past()).hasSize(1);
    assertThat(before.past().get(0).came()).isEqualTo("suggested");
    var after = suggesting.view(at(27), 27 * MINUTE);
    assertThat(after.moves()).isEmpty();
    assertThat(after.past().get(0).came()).contains("done by somebody", "1 requests");
  }

  @Test
  void saysThatAnOrderWasNotCarriedOut() {
    var idle = cluster(node("a", 64, model("large", 18, ModelState.DISK, false)));

    play(idle, 0, 25, LARGE, 2);

    assertThat(placement.view(at(25), 25 * MINUTE).past().get(0).came()).contains("not happen");
  }

  @Test
  void knowsWhatItBroughtUntilThatIsGoneAgain() {
    var idle = cluster(node("a", 64, model("large", 18, ModelState.DISK, false)));
    var node = NodeId.of("a");
    var why = play(idle, 0, 16, LARGE, 2).get(0).why();
    assertThat(placement.broughtBy(node, LARGE)).as("ordered only").isNull();

    stands(ModelState.LOADING, 16);
    assertThat(placement.broughtBy(node, LARGE).why()).isEqualTo(why);
    stands(ModelState.LOADED, 17);
    assertThat(placement.broughtBy(node, LARGE).at()).isBetween(at(14), at(16));
    assertThat(placement.broughtBy(node, SMALL)).isNull();
    stands(ModelState.DISK, 30);
    stands(ModelState.LOADED, 31);

    assertThat(placement.broughtBy(node, LARGE)).as("loaded again by somebody else").isNull();
  }

  @Test
  void takesNoCreditForWhatSomebodyElseLoaded() {
    var suggesting = placement(PlacementMode.SUGGEST, 2);
    var idle = cluster(node("a", 64, model("large", 18, ModelState.DISK, false)));
    var loaded = cluster(node("a", 64, model("large", 18, ModelState.LOADED, false)));
    for (int minute = 0; minute < 25; minute++) {
      ask(LARGE, minute, 0);
      tick(suggesting, idle, minute);
    }

    tick(suggesting, loaded, 26);

    assertThat(suggesting.broughtBy(NodeId.of("a"), LARGE)).isNull();
  }

  @Test
  void countsTheRequestsOfAModelAsSoonAsItIsThere() {
    var idle = cluster(node("a", 64, model("large", 18, ModelState.DISK, false)));
    play(idle, 0, 16, LARGE, 2);

    stands(ModelState.LOADED, 16);
    placement.used(NodeId.of("a"), LARGE, 16 * MINUTE + 1);

    assertThat(placement.view(at(17), 17 * MINUTE).past().get(0).answered()).isEqualTo(1);
  }

  private void stands(ModelState state, int minute) {
    var now = cluster(node("a", 64, model("large", 18, state, false)));
    placement.sees(now.node(NodeId.of("a")).orElseThrow(), minute * MINUTE);
  }

  @Test
  void takesASurplusCopyOutWhereAnotherModelHasNoRoom() {
    var cluster =
        cluster(
            node("a", 64, model("large", 18, ModelState.LOADED, false)),
            node(
                "b",
                1,
                model("large", 18, ModelState.LOADED, false),
                model("small", 18, ModelState.DISK, false)),
            node("c", 64, model("small", 18, ModelState.LOADED, false)));

    assertThat(play(cluster, 0, 30, LARGE, 0.05)).as("nobody asks for the other").isEmpty();
    ask(SMALL, 30, 0);
    var moves = play(cluster, 30, 35, SMALL, 0.2);

    assertThat(moves).isNotEmpty();
    assertThat(moves.get(0).kind()).isEqualTo(Move.Kind.UNLOAD);
    assertThat(moves.get(0).node()).isEqualTo(NodeId.of("b"));
    assertThat(moves.get(0).model()).isEqualTo(LARGE);
    assertThat(moves.get(0).why()).contains("small has no room there");
  }

  /** Lets minutes pass with so many requests for a model in each; answers what was ordered. */
  private List<Move> play(Snapshot snapshot, int from, int until, ModelId model, double each) {
    var moves = new ArrayList<Move>();
    double due = 0;
    for (int minute = from; minute < until; minute++) {
      due += each;
      for (int second = 0; due >= 1; due--, second += 7) {
        ask(model, minute, second);
      }
      moves.addAll(tick(placement, snapshot, minute));
    }
    return moves;
  }

  private List<Move> tick(Placement of, Snapshot snapshot, int minute) {
    return of.tick(snapshot, demand, new Ledger(), at(minute), minute * MINUTE);
  }

  private void ask(ModelId model, int minute, int second) {
    demand.asked(model, 20_000, at(minute).plusSeconds(second), minute * MINUTE + second * 1_000L);
  }

  private static Instant at(int minute) {
    return START.plusSeconds(minute * 60L);
  }

  private static Placement placement(PlacementMode mode, int moves) {
    return new Placement(
        new PlacementSettings(
            mode, Duration.ofSeconds(10), moves, Duration.ofMinutes(15), Duration.ofSeconds(5), 50),
        0.15,
        0);
  }

  private static Snapshot cluster(NodeState... nodes) {
    return Snapshot.of(List.of(nodes));
  }

  private static NodeState node(String name, int freeGib, HostedModel... models) {
    return state(name, freeGib, Reach.UP, false, List.of(models));
  }

  private static NodeState state(
      String name, int freeGib, Reach reach, boolean draining, List<HostedModel> models) {
    return new NodeState(
        NodeId.of(name),
        1,
        reach,
        draining ? NodeState.DRAINED : null,
        Echo.NONE,
        freeGib * GIB,
        0,
        models);
  }

  private static HostedModel model(String id, int gib, ModelState state, boolean pinned) {
    var facts =
        new ModelFacts(
            ModelId.of(id),
            Tier.BALANCED,
            "simulated",
            true,
            null,
            "4bit",
            gib * GIB,
            32_768,
            1,
            Set.of(Ability.CHAT));
    return new HostedModel(
        facts,
        new ModelLoad(facts.id(), state, null, null, 0, 0, pinned, new Speed(400, 20, 20, false)));
  }
}
