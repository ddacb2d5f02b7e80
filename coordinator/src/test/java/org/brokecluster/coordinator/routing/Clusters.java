package org.brokecluster.coordinator.routing;

import com.typesafe.config.ConfigFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.brokecluster.coordinator.routing.scorer.Strategies;
import org.brokecluster.coordinator.routing.state.Echo;
import org.brokecluster.coordinator.routing.state.HostedModel;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.coordinator.routing.state.Reach;
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
import org.brokecluster.shared.config.SettingsReader;
import org.jspecify.annotations.Nullable;

/** Nodes, requests and settings for tests. */
final class Clusters {
  static final Set<Ability> CHAT = Set.of(Ability.CHAT, Ability.COMPLETION);
  private static final long GIB = 1L << 30;

  private Clusters() {}

  static RouterSettings settings() {
    return settings("");
  }

  static RouterSettings settings(String overrides) {
    var config = ConfigFactory.parseString(overrides).withFallback(ConfigFactory.load());
    var reader = new SettingsReader(config.resolve());
    var settings = RouterSettings.from(reader);
    if (!reader.problems().isEmpty()) {
      throw new IllegalArgumentException(reader.problems().toString());
    }
    return settings;
  }

  static Strategies strategies(RouterSettings settings) {
    return Strategies.of(settings.strategies(), List.of());
  }

  static RouterCore core(RouterSettings settings) {
    return new RouterCore(1, settings, strategies(settings), settings.strategy(), at(0));
  }

  static Moment at(long millis) {
    return new Moment(Instant.ofEpochMilli(1_700_000_000_000L + millis), millis);
  }

  static HostedModel model(String id, Tier tier, ModelState state, int slots) {
    double pace =
        switch (tier) {
          case BASIC -> 4;
          case BALANCED -> 2;
          case PREMIUM -> 1;
        };
    return model(id, tier, state, slots, pace, 0, CHAT);
  }

  static HostedModel model(
      String id,
      Tier tier,
      ModelState state,
      int slots,
      double pace,
      int running,
      Set<Ability> abilities) {
    long gigabytes =
        switch (tier) {
          case BASIC -> 2;
          case BALANCED -> 8;
          case PREMIUM -> 18;
        };
    var facts =
        new ModelFacts(
            ModelId.of(id),
            tier,
            "simulated",
            true,
            null,
            "4bit",
            gigabytes * GIB,
            32_768,
            slots,
            abilities);
    var speed = new Speed(400 * pace, 18 * pace, 8 / pace, false);
    return new HostedModel(
        facts, new ModelLoad(facts.id(), state, null, null, running, 0, false, speed));
  }

  static HostedModel withContext(HostedModel model, @Nullable Integer length) {
    var facts = model.facts();
    return new HostedModel(
        new ModelFacts(
            facts.id(),
            facts.tier(),
            facts.runtime(),
            facts.simulated(),
            facts.parameters(),
            facts.quantization(),
            facts.bytes(),
            length,
            facts.slots(),
            facts.abilities(),
            facts.residentBytes()),
        model.load());
  }

  static NodeState node(String name, HostedModel... models) {
    return new NodeState(NodeId.of(name), 7, Reach.UP, null, Echo.NONE, 0, 0, List.of(models));
  }

  /** The demo's three Macs. */
  static List<NodeState> demo() {
    return List.of(
        node(
            "studio-m2",
            model("premium-32b", Tier.PREMIUM, ModelState.LOADED, 2),
            model("balanced-14b", Tier.BALANCED, ModelState.LOADED, 2),
            model("basic-4b", Tier.BASIC, ModelState.LOADED, 4)),
        node(
            "studio-m1",
            model("premium-32b", Tier.PREMIUM, ModelState.DISK, 2),
            model("balanced-14b", Tier.BALANCED, ModelState.LOADED, 2),
            model("basic-4b", Tier.BASIC, ModelState.LOADED, 4)),
        node("mini-m1", model("basic-4b", Tier.BASIC, ModelState.LOADED, 2)));
  }

  static NodeState report(
      NodeState node, long reports, long termSeen, long ticketSeen, List<Long> open) {
    return new NodeState(
        node.name(),
        node.incarnation(),
        node.reach(),
        node.away(),
        new Echo(reports, termSeen, ticketSeen, open),
        node.memoryFreeBytes(),
        0,
        node.models());
  }

  static NodeState with(NodeState node, Reach reach, boolean draining, long incarnation) {
    return new NodeState(
        node.name(),
        incarnation,
        reach,
        draining ? NodeState.DRAINED : null,
        new Echo(
            node.echo().reports() + 1,
            node.echo().term(),
            node.echo().ticket(),
            node.echo().open()),
        node.memoryFreeBytes(),
        0,
        node.models());
  }

  static Profile profile(double complexity, int answerTokens) {
    return new Profile(
        complexity, complexity, 0.5, Map.of(), 0, 0, answerTokens, "phrases", "test");
  }

  static RequestFacts facts(String model, double complexity) {
    return facts(model, complexity, Wishes.NONE);
  }

  static RequestFacts facts(String model, double complexity, Wishes wishes) {
    return new RequestFacts(
        Api.CHAT,
        model,
        true,
        profile(complexity, 300),
        200,
        800,
        null,
        Set.of(),
        wishes,
        List.of());
  }

  static Wishes wishesOf(@Nullable String user, TrafficClass trafficClass) {
    return Wishes.of(user, trafficClass, List.of());
  }

  static Wishes wishesOf(String trafficClass) {
    return wishesOf(null, TrafficClass.parse(trafficClass).orElseThrow());
  }

  static Wishes wishes(
      @Nullable String strategy,
      @Nullable Tier tier,
      @Nullable String node,
      TrafficClass trafficClass,
      String... fallbacks) {
    return new Wishes(
        strategy,
        tier,
        node == null ? null : NodeId.of(node),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        trafficClass,
        List.of(fallbacks));
  }

  static AttemptId attempt(String request, int number) {
    return new AttemptId(RequestId.of(request), number);
  }

  static Submission submission(AttemptId attempt, RequestFacts facts) {
    return new Submission(attempt, facts, 600_000, List.of(), null, Edge.HERE);
  }

  /** Where the tests' answers go. */
  record Edge(String member) implements EdgeAddress {
    static final Edge HERE = new Edge("127.0.0.1:25520");
  }

  /** A cluster of any shape. */
  static List<NodeState> random(Random random) {
    var nodes = new ArrayList<NodeState>();
    int count = random.nextInt(6);
    for (int n = 0; n < count; n++) {
      var models = new ArrayList<HostedModel>();
      for (int m = 0; m < 8; m++) {
        if (random.nextInt(3) > 0) {
          models.add(randomModel(random, m));
        }
      }
      var reach = random.nextInt(6) == 0 ? Reach.UNREACHABLE : Reach.UP;
      nodes.add(
          new NodeState(
              NodeId.of("node-" + n),
              n + 1,
              reach,
              random.nextInt(8) == 0 ? NodeState.DRAINED : null,
              Echo.NONE,
              random.nextInt(4) == 0 ? random.nextInt(40) * GIB : 0,
              0,
              models));
    }
    return nodes;
  }

  private static HostedModel randomModel(Random random, int number) {
    var tier = List.of(Tier.values()).get(number % 3);
    int kind = random.nextInt(10);
    var state =
        kind < 5
            ? ModelState.LOADED
            : kind < 8
                ? ModelState.DISK
                : List.of(ModelState.values()).get(random.nextInt(ModelState.values().length));
    var abilities = random.nextInt(6) == 0 ? Set.of(Ability.EMBEDDING) : CHAT;
    return model(
        "model-" + number,
        tier,
        state,
        1 + random.nextInt(4),
        0.5 + random.nextInt(8),
        random.nextInt(4) == 0 ? random.nextInt(3) : 0,
        abilities);
  }
}
