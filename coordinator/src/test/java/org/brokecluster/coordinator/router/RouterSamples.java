package org.brokecluster.coordinator.router;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.brokecluster.coordinator.history.EventSink;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.router.ClusterView.MemberView;
import org.brokecluster.coordinator.routing.RouterSettings;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.router.Profile;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.Wishes;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.protocol.state.ModelLoad;
import org.brokecluster.protocol.state.NodeFacts;
import org.brokecluster.protocol.state.NodeLoad;
import org.brokecluster.protocol.state.RouterStatus;
import org.brokecluster.shared.config.SettingsReader;

/** What a router is shown and started with in tests. */
final class RouterSamples {
  static final NodeId COORDINATOR = NodeId.of("studio");
  private static final ModelId MODEL = ModelId.of("m");

  private RouterSamples() {}

  /** One node with one loaded model of one slot. */
  static ClusterView view(ActorRef<NodeProtocol.Command> node, long termSeen, boolean draining) {
    var model =
        new ModelFacts(
            MODEL, Tier.BASIC, "simulated", true, null, null, null, 8_192, 1, Set.of(Ability.CHAT));
    var facts =
        new NodeFacts(
            1,
            NodeId.of("mini"),
            11,
            node,
            1,
            "127.0.0.1:1",
            null,
            List.of("node"),
            true,
            "M1",
            0,
            "1",
            List.of(model),
            0,
            null);
    var speed = new Speed(500, 20, 3, false);
    var load =
        new NodeLoad(
            1,
            NodeId.of("mini"),
            11,
            1,
            termSeen,
            0,
            List.of(),
            0,
            false,
            draining,
            List.of(new ModelLoad(MODEL, ModelState.LOADED, null, null, 0, 0, false, speed)),
            null,
            null);
    return new ClusterView(
        List.of(new MemberView(11, "127.0.0.1:1", MemberState.UP, Set.of("node"), facts, load)),
        null);
  }

  static RequestFacts facts() {
    var profile = new Profile(0.1, 0.1, 1, Map.of(), 0, 0, 100, "phrases", "test");
    return new RequestFacts(
        Api.CHAT, "auto", true, profile, 50, 200, null, Set.of(), Wishes.NONE, List.of());
  }

  static RouterStatus status(long term, String strategy) {
    return new RouterStatus(
        1, term, 9, COORDINATOR, strategy, List.of(strategy), Map.of(), Map.of(), "ok", 0, 0);
  }

  static RouterSettings settings() {
    return RouterSettings.from(new SettingsReader(ConfigFactory.load()));
  }

  /** Hands everything on. */
  static <T> Behavior<T> forwarding(ActorRef<T> to) {
    return Behaviors.receiveMessage(
        message -> {
          to.tell(message);
          return Behaviors.same();
        });
  }

  /** Keeps what it is told; its database is behind. */
  record Sink(List<RoutingEvent> events) implements EventSink {
    @Override
    public void emit(RoutingEvent event) {
      events.add(event);
    }

    @Override
    public Health health() {
      return new Health("behind", 3, 0);
    }
  }
}
