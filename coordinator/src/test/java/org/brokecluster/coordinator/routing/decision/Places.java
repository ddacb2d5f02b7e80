package org.brokecluster.coordinator.routing.decision;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.brokecluster.coordinator.routing.ask.Patience;
import org.brokecluster.coordinator.routing.ask.Question;
import org.brokecluster.coordinator.routing.ask.Selection;
import org.brokecluster.coordinator.routing.ledger.Ledger;
import org.brokecluster.coordinator.routing.queue.Flow;
import org.brokecluster.coordinator.routing.scorer.Strategies;
import org.brokecluster.coordinator.routing.scorer.Tuning;
import org.brokecluster.coordinator.routing.state.Echo;
import org.brokecluster.coordinator.routing.state.HostedModel;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.coordinator.routing.state.Reach;
import org.brokecluster.coordinator.routing.state.Snapshot;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.router.Profile;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.TrafficClass;
import org.brokecluster.protocol.router.Wishes;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.protocol.state.ModelLoad;

/** Boards and questions: all models read 500 and make 20 tokens a second, in two streams. */
final class Places {
  static final Tuning TUNING = new Tuning(0.35, 0.65, 20_000, 0.5);
  static final int SLOTS = 2;
  static final long PATIENCE_MS = 30_000;
  private static final long NOW = 1_000_000;
  private static final long GIB = 1L << 30;
  private static final Flow SOMEBODY = new Flow(TrafficClass.INTERACTIVE, "ada");

  private final Ledger ledger = new Ledger();
  private int attempts;

  /** Has a model answer so many requests, each of which still takes seven seconds. */
  void open(String node, String model, int count) {
    for (int i = 0; i < count; i++) {
      var attempt = new AttemptId(RequestId.of("r" + attempts++), 1);
      ledger.open(attempt, NodeId.of(node), ModelId.of(model), SOMEBODY, NOW - 2_000, 9_000);
    }
  }

  Board board(List<NodeState> nodes, ToIntFunction<Spot> cached, ToIntFunction<Spot> displaced) {
    return new Board(
        Snapshot.of(nodes),
        ledger,
        spot -> false,
        spot -> false,
        spot -> 0,
        new Board.Cached() {
          @Override
          public int tokens(Spot spot) {
            return cached.applyAsInt(spot);
          }

          @Override
          public int displaced(Spot spot) {
            return displaced.applyAsInt(spot);
          }
        },
        model -> 0,
        Board.Gate.OPEN,
        NOW,
        PATIENCE_MS,
        10 * PATIENCE_MS);
  }

  static Question question(TrafficClass trafficClass, int promptTokens, long waitedMs) {
    return question(trafficClass, promptTokens, new Patience(waitedMs, Long.MAX_VALUE, true));
  }

  static Question question(TrafficClass trafficClass, int promptTokens, Patience patience) {
    var profile = new Profile(0.3, 0.3, 0.5, Map.of(), 0, 0, 100, "test", "");
    var wishes = Wishes.of("ada", trafficClass, List.of());
    var facts =
        new RequestFacts(
            Api.CHAT,
            "auto",
            true,
            profile,
            promptTokens,
            4L * promptTokens,
            null,
            Set.of(),
            wishes,
            List.of());
    var strategy = Strategies.of(Map.of(), List.of()).find("balanced").orElseThrow();
    return Question.of(facts, new Selection.Any(), List.of(), strategy, 0, patience, TUNING);
  }

  static NodeState node(String name, int freeGigabytes, HostedModel... models) {
    return new NodeState(
        NodeId.of(name), 1, Reach.UP, null, Echo.NONE, freeGigabytes * GIB, 0, List.of(models));
  }

  static HostedModel loaded(int number) {
    return model(number, ModelState.LOADED, 2);
  }

  static HostedModel model(int number, ModelState state, int gigabytes) {
    var facts =
        new ModelFacts(
            ModelId.of("m" + number),
            Tier.BASIC,
            "simulated",
            true,
            null,
            "4bit",
            gigabytes * GIB,
            131_072,
            SLOTS,
            Set.of(Ability.CHAT));
    var speed = new Speed(500, 20, 5, false);
    return new HostedModel(facts, new ModelLoad(facts.id(), state, null, null, 0, 0, false, speed));
  }
}
