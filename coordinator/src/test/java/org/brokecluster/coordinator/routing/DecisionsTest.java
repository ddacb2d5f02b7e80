package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.Clusters.at;
import static org.brokecluster.coordinator.routing.Clusters.attempt;
import static org.brokecluster.coordinator.routing.Clusters.facts;
import static org.brokecluster.coordinator.routing.Clusters.model;
import static org.brokecluster.coordinator.routing.Clusters.node;
import static org.brokecluster.coordinator.routing.Clusters.submission;
import static org.brokecluster.coordinator.routing.Clusters.wishes;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.brokecluster.coordinator.history.event.RoutingEvent.Decided;
import org.brokecluster.coordinator.routing.Effect.ReplyQueued;
import org.brokecluster.coordinator.routing.Effect.ReplyRefused;
import org.brokecluster.coordinator.routing.Effect.SendTicket;
import org.brokecluster.coordinator.routing.decision.Explanation;
import org.brokecluster.coordinator.routing.filter.Verdict;
import org.brokecluster.coordinator.routing.state.HostedModel;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.coordinator.routing.state.Reach;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.Refusal;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.TrafficClass;
import org.brokecluster.protocol.router.Wishes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the router decides on the demo's three Macs and on clusters made for one question each. */
class DecisionsTest {
  private static final long SETTLED = 10_000;
  private static final long GIB = 1L << 30;

  @ParameterizedTest
  @CsvSource({"0.15, basic-4b", "0.5, balanced-14b", "0.85, premium-32b"})
  void picksTheTierThatFits(double complexity, String expected) {
    assertThat(place(demo(), facts("auto", complexity)).model().value()).isEqualTo(expected);
  }

  @Test
  void prefersAModelInMemoryToTheSameOnDisk() {
    assertThat(place(demo(), facts("premium-32b", 0.5)).node().value()).isEqualTo("studio-m2");
  }

  @Test
  void loadsAModelWhereThatIsFasterThanWaiting() {
    var core = demo();
    var nodes = new ArrayList<String>();
    for (int i = 0; i < 3; i++) {
      nodes.add(ticket(core, "r" + i, facts("premium-32b", 0.9)).node().value());
    }

    assertThat(nodes).containsExactly("studio-m2", "studio-m2", "studio-m1");
  }

  @Test
  void answersWithALowerTierAndMoreRiskWhereTheBestIsMissing() {
    var small = core(node("mini", model("basic-4b", Tier.BASIC, ModelState.LOADED, 2)));

    var placement = place(small, facts("auto", 0.9));

    assertThat(placement.tier()).isEqualTo(Tier.BASIC);
    assertThat(placement.qualityTemperature())
        .isGreaterThan(place(demo(), facts("auto", 0.9)).qualityTemperature() + 0.3);
  }

  @Test
  void fallsBackFromATierThatIsMissing() {
    var small = core(node("mini", model("basic-4b", Tier.BASIC, ModelState.LOADED, 2)));

    assertThat(place(small, facts("premium", 0.1)).tier()).isEqualTo(Tier.BASIC);
  }

  @Test
  void keepsToTheTierAskedFor() {
    assertThat(place(demo(), facts("premium", 0.1)).tier()).isEqualTo(Tier.PREMIUM);
    var byHeader = wishes(null, Tier.BALANCED, null, TrafficClass.INTERACTIVE);
    assertThat(place(demo(), facts("auto", 0.1, byHeader)).tier()).isEqualTo(Tier.BALANCED);
  }

  @Test
  void resolvesAliases() {
    var core =
        new RouterCore(
            1,
            Clusters.settings("broke.router.aliases { \"gpt-4o\" = premium, tiny = basic-4b }"),
            Clusters.strategies(Clusters.settings()),
            "balanced",
            at(0));
    Clusters.demo().forEach(each -> core.nodeChanged(at(0), each));

    assertThat(place(core, facts("gpt-4o", 0.1)).tier()).isEqualTo(Tier.PREMIUM);
    assertThat(place(core, facts("tiny", 0.9)).model().value()).isEqualTo("basic-4b");
  }

  @Test
  void triesTheFallbacksOfTheClientInOrder() {
    var wishes = wishes(null, null, null, TrafficClass.AGENT, "also-missing", "basic-4b");

    assertThat(place(demo(), facts("missing", 0.5, wishes)).model().value()).isEqualTo("basic-4b");
  }

  @Test
  void sendsAPinnedRequestToItsNodeOnly() {
    var pinned = wishes(null, null, "mini-m1", TrafficClass.INTERACTIVE);

    assertThat(place(demo(), facts("auto", 0.9, pinned)).node().value()).isEqualTo("mini-m1");
  }

  @Test
  void namesWhatExistsWhenAModelIsUnknown() {
    var refused = refuse(demo(), facts("gpt-9", 0.5));

    assertThat(refused.reason()).isEqualTo(Refusal.MODEL_NOT_FOUND);
    assertThat(refused.message())
        .contains("gpt-9", "basic-4b", "balanced-14b", "premium-32b", "auto");
  }

  @Test
  void saysWhichNodesExistWhenAPinIsUnknown() {
    var refused =
        refuse(demo(), facts("auto", 0.5, wishes(null, null, "mac-9", TrafficClass.AGENT)));

    assertThat(refused.reason()).isEqualTo(Refusal.NODE_NOT_FOUND);
    assertThat(refused.message()).contains("mac-9", "mini-m1");
  }

  @Test
  void refusesAnUnknownStrategyByNamingTheKnown() {
    var refused =
        refuse(demo(), facts("auto", 0.5, wishes("fastest", null, null, TrafficClass.AGENT)));

    assertThat(refused.reason()).isEqualTo(Refusal.UNKNOWN_STRATEGY);
    assertThat(refused.message()).contains("fastest", "speed-priority");
  }

  @Test
  void neverSendsARequestWhereAnAbilityIsMissing() {
    var needsTools =
        new RequestFacts(
            Api.CHAT,
            "auto",
            false,
            Clusters.profile(0.5, 100),
            100,
            400,
            null,
            Set.of(Ability.TOOLS),
            Wishes.NONE,
            List.of());

    var refused = refuse(demo(), needsTools);

    assertThat(refused.reason()).isEqualTo(Refusal.NOT_CAPABLE);
    assertThat(refused.message()).endsWith("needs: tools");
  }

  @Test
  void refusesAPromptLongerThanEveryContext() {
    var long1 =
        new RequestFacts(
            Api.CHAT,
            "auto",
            false,
            Clusters.profile(0.5, 100),
            40_000,
            160_000,
            null,
            Set.of(),
            Wishes.NONE,
            List.of());

    var refused = refuse(demo(), long1);

    assertThat(refused.reason()).isEqualTo(Refusal.CONTEXT_TOO_LONG);
    assertThat(refused.message()).contains("40000", "32768");
  }

  @Test
  void refusesWhenEveryNodeWasTriedOrDrains() {
    var core = demo();
    core.nodeChanged(at(1), Clusters.with(Clusters.demo().get(0), Reach.UP, true, 7));
    var avoid = List.of(NodeId.of("studio-m1"), NodeId.of("mini-m1"));

    var effects =
        core.submit(
            at(SETTLED),
            new Submission(
                attempt("r", 2), facts("auto", 0.5), 60_000, avoid, null, Clusters.Edge.HERE));

    var refused = find(effects, ReplyRefused.class);
    assertThat(refused.reason()).isEqualTo(Refusal.NO_CANDIDATE_LEFT);
    assertThat(refused.message()).contains("draining", "avoided");
  }

  @Test
  void neverRoutesToAFailedOrUnsupportedModel() {
    var core =
        core(
            node(
                "mini",
                model("broken", Tier.PREMIUM, ModelState.FAILED, 2),
                model("foreign", Tier.PREMIUM, ModelState.UNSUPPORTED, 2),
                model("fine", Tier.BASIC, ModelState.LOADED, 2)));

    assertThat(place(core, facts("auto", 0.95)).model().value()).isEqualTo("fine");
    assertThat(refuse(core, facts("broken", 0.5)).reason()).isEqualTo(Refusal.NO_CANDIDATE_LEFT);
    var foreign = refuse(core, facts("foreign", 0.5));
    assertThat(foreign.reason()).isEqualTo(Refusal.NOT_CAPABLE);
    assertThat(foreign.message()).contains("(foreign) can be used: no runtime there can serve");
  }

  @Test
  void namesOnlyTheAbilityThatTheModelAskedForLacks() {
    var able = Set.of(Ability.CHAT, Ability.TOOLS, Ability.JSON_OBJECT);
    var core =
        core(
            node(
                "mini",
                model("plain", Tier.BASIC, ModelState.LOADED, 2),
                Clusters.model("rich", Tier.BASIC, ModelState.LOADED, 2, 1, 0, able)));
    var asked =
        new RequestFacts(
            Api.CHAT,
            "plain",
            false,
            Clusters.profile(0.5, 100),
            100,
            400,
            null,
            Set.of(Ability.CHAT, Ability.JSON_OBJECT),
            Wishes.NONE,
            List.of());

    assertThat(refuse(core, asked).message())
        .isEqualTo(
            "no model of those asked for (plain) can do what the request needs: json_object");
  }

  @Test
  void leavesOutAModelThatDoesNotFitIntoMemory() {
    var full =
        new NodeState(
            NodeId.of("mini"),
            7,
            Reach.UP,
            false,
            1,
            0,
            0,
            List.of(),
            4 * GIB,
            List.of(
                model("large", Tier.PREMIUM, ModelState.DISK, 1),
                model("small", Tier.BASIC, ModelState.LOADED, 1)));

    assertThat(place(core(full), facts("auto", 0.95)).model().value()).isEqualTo("small");
  }

  @Test
  void waitsForTheBetterModelOnlyWhileThatIsWorthIt() {
    var core =
        core(
            node(
                "studio",
                model("large", Tier.PREMIUM, ModelState.LOADED, 1),
                model("small", Tier.BASIC, ModelState.LOADED, 4)));
    ticket(core, "r1", facts("large", 0.9));

    var hard = core.submit(at(SETTLED), submission(attempt("r2", 1), facts("auto", 0.9)));
    var easy = core.submit(at(SETTLED), submission(attempt("r3", 1), facts("auto", 0.1)));

    assertThat(find(hard, ReplyQueued.class).etaMs()).isPositive();
    assertThat(find(easy, SendTicket.class).placement().model().value()).isEqualTo("small");
  }

  @Test
  void predictsALongerAnswerTimeWithEveryStream() {
    var core = demo();
    long before = ticket(core, "r1", facts("premium-32b", 0.9)).placement().finishMs();
    long after = ticket(core, "r2", facts("premium-32b", 0.9)).placement().finishMs();

    assertThat(after).isGreaterThan(before);
  }

  @Test
  void predictsPrefillAndDecodeFromTheSpeedsOfTheNode() {
    var core = core(node("mini", model("m", Tier.PREMIUM, ModelState.LOADED, 1)));

    var placement = place(core, facts("m", 0.5));

    // 200 prompt tokens at 400/s, 300 answer tokens at 18/s.
    assertThat(placement.firstTokenMs()).isEqualTo(Math.round(500 + 1000.0 / 18));
    assertThat(placement.finishMs()).isEqualTo(Math.round(500 + 300 * 1000.0 / 18));
  }

  @ParameterizedTest
  @CsvSource({
    "quality-first, 0.5, premium-32b",
    "cost-optimized, 0.1, basic-4b",
    "speed-priority, 0.9, basic-4b"
  })
  void followsTheStrategyAskedFor(String strategy, double complexity, String model) {
    var wishes = wishes(strategy, null, null, TrafficClass.INTERACTIVE);

    assertThat(place(demo(), facts("auto", complexity, wishes)).model().value()).isEqualTo(model);
  }

  @Test
  void roundRobinTakesTheNodesInTurn() {
    var core = demo();
    var wishes = wishes("round-robin", null, null, TrafficClass.INTERACTIVE);
    var nodes = new ArrayList<String>();
    for (int i = 0; i < 6; i++) {
      nodes.add(ticket(core, "r" + i, facts("basic-4b", 0.1, wishes)).node().value());
    }

    assertThat(nodes)
        .containsExactly("mini-m1", "studio-m1", "studio-m2", "mini-m1", "studio-m1", "studio-m2");
  }

  @Test
  void leastLoadedSpreadsRequests() {
    var core = demo();
    var wishes = wishes("least-loaded", null, null, TrafficClass.INTERACTIVE);
    var nodes = new ArrayList<String>();
    for (int i = 0; i < 3; i++) {
      nodes.add(ticket(core, "r" + i, facts("basic-4b", 0.1, wishes)).node().value());
    }

    assertThat(nodes).doesNotHaveDuplicates();
  }

  @Test
  void ownWeightsMakeAStrategy() {
    var settings = Clusters.settings("broke.router.strategies.tiny { cost = 1 }");
    var core = new RouterCore(1, settings, Clusters.strategies(settings), "tiny", at(0));
    Clusters.demo().forEach(each -> core.nodeChanged(at(0), each));

    assertThat(core.strategies()).contains("tiny");
    assertThat(place(core, facts("auto", 0.95)).model().value()).isEqualTo("basic-4b");
  }

  @Test
  void equalCandidatesGoToTheSmallerName() {
    var core =
        core(
            node("b", model("m", Tier.BASIC, ModelState.LOADED, 1)),
            node("a", model("m", Tier.BASIC, ModelState.LOADED, 1)),
            node("c", model("m", Tier.BASIC, ModelState.LOADED, 1)));

    assertThat(place(core, facts("auto", 0.1)).node().value()).isEqualTo("a");
  }

  @Test
  void saysHowManyRequestsLessWouldTurnTheDecision() {
    var core =
        core(
            node("a", model("m", Tier.BASIC, ModelState.LOADED, 4)),
            node("b", model("m", Tier.BASIC, ModelState.LOADED, 4)));
    for (int i = 0; i < 3; i++) {
      core.submit(at(SETTLED), submission(attempt("r" + i, 1), facts("auto", 0.1)));
    }

    var explanation = explain(core, "r2");

    // a and b have one request each; a wins by its name, and b would with one request less.
    assertThat(explanation.chosen().node().value()).isEqualTo("a");
    assertThat(explanation.whatWouldFlip()).isEqualTo("if b had 1 fewer request of m");
  }

  @Test
  void saysWhenALoadWouldTurnTheDecision() {
    var core =
        core(
            node("a", model("m", Tier.BASIC, ModelState.LOADED, 4)),
            node("b", Clusters.model("m", Tier.BASIC, ModelState.DISK, 4, 8, 0, Clusters.CHAT)));
    core.submit(at(SETTLED), submission(attempt("r", 1), facts("auto", 0.1)));
    var explanation = explain(core, "r");

    if (explanation.chosen().node().value().equals("a")) {
      assertThat(explanation.whatWouldFlip()).isEqualTo("if m were loaded on b");
    } else {
      assertThat(explanation.whatWouldFlip()).contains("if m on a scored");
    }
  }

  @Test
  void explainsWhyEachCandidateLost() {
    var core = demo();
    core.nodeChanged(at(1), Clusters.with(Clusters.demo().get(1), Reach.UP, true, 7));
    core.submit(at(SETTLED), submission(attempt("r", 1), facts("auto", 0.9)));

    var rows = explain(core, "r").candidates();

    assertThat(rows.get(0).verdict()).isEqualTo(Verdict.CHOSEN);
    assertThat(rows)
        .filteredOn(row -> row.node().value().equals("studio-m1"))
        .allSatisfy(row -> assertThat(row.verdict()).isEqualTo(Verdict.DRAINING));
    assertThat(rows)
        .filteredOn(row -> row.verdict() == Verdict.OUTSCORED)
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row.why()).contains("behind, most in"));
  }

  @Test
  void keepsTheRecordOfADecisionSmall() {
    var models = new ArrayList<HostedModel>();
    for (int i = 0; i < 40; i++) {
      models.add(model("m" + i + "x".repeat(150), Tier.BASIC, ModelState.LOADED, 1));
    }
    var core = core(node("a", models.toArray(new HostedModel[0])));

    var decided =
        core.submit(at(SETTLED), submission(attempt("r", 1), facts("auto", 0.1))).stream()
            .filter(effect -> effect instanceof Effect.Emit)
            .map(effect -> ((Effect.Emit) effect).event())
            .filter(Decided.class::isInstance)
            .map(Decided.class::cast)
            .findFirst()
            .orElseThrow();

    assertThat(decided.toString().length()).isLessThan(2_300);
    assertThat(decided.best()).isNotEmpty();
    assertThat(decided.lost().values().stream().mapToInt(each -> each).sum())
        .isEqualTo(40 - decided.best().size());
  }

  private static RouterCore demo() {
    return core(Clusters.demo().toArray(new NodeState[0]));
  }

  private static RouterCore core(NodeState... nodes) {
    var core = Clusters.core(Clusters.settings());
    List.of(nodes).forEach(each -> core.nodeChanged(at(0), each));
    return core;
  }

  private static SendTicket ticket(RouterCore core, String request, RequestFacts facts) {
    return find(core.submit(at(SETTLED), submission(attempt(request, 1), facts)), SendTicket.class);
  }

  /** Where a single request goes; its slot is free again afterwards. */
  private static Placement place(RouterCore core, RequestFacts facts) {
    var ticket = ticket(core, "single", facts);
    core.withdraw(at(SETTLED), RequestId.of("single"));
    return ticket.placement();
  }

  private static ReplyRefused refuse(RouterCore core, RequestFacts facts) {
    return find(
        core.submit(at(SETTLED), submission(attempt("refused", 1), facts)), ReplyRefused.class);
  }

  private static Explanation explain(RouterCore core, String request) {
    return core.explain(RequestId.of(request)).orElseThrow();
  }

  private static <T> T find(List<Effect> effects, Class<T> type) {
    return effects.stream()
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " in " + effects));
  }
}
