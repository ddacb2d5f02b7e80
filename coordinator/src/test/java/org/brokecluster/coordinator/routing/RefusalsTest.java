package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.Clusters.at;
import static org.brokecluster.coordinator.routing.Clusters.attempt;
import static org.brokecluster.coordinator.routing.Clusters.facts;
import static org.brokecluster.coordinator.routing.Clusters.model;
import static org.brokecluster.coordinator.routing.Clusters.node;
import static org.brokecluster.coordinator.routing.Clusters.wishes;
import static org.brokecluster.coordinator.routing.Decisions.SETTLED;
import static org.brokecluster.coordinator.routing.Decisions.core;
import static org.brokecluster.coordinator.routing.Decisions.demo;
import static org.brokecluster.coordinator.routing.Decisions.find;
import static org.brokecluster.coordinator.routing.Decisions.place;
import static org.brokecluster.coordinator.routing.Decisions.refuse;

import java.util.List;
import java.util.Set;
import org.brokecluster.coordinator.routing.Effect.ReplyRefused;
import org.brokecluster.coordinator.routing.state.Echo;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.coordinator.routing.state.Reach;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.router.Refusal;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.RouterProtocol.Continues;
import org.brokecluster.protocol.router.TrafficClass;
import org.brokecluster.protocol.router.Tried;
import org.brokecluster.protocol.router.Wishes;
import org.junit.jupiter.api.Test;

/** What cannot be served, and which candidates may not take part. */
class RefusalsTest {
  private static final long GIB = 1L << 30;

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
    var avoid = List.of(Tried.node(NodeId.of("studio-m1")), Tried.node(NodeId.of("mini-m1")));

    var effects =
        core.submit(
            at(SETTLED),
            new Submission(
                attempt("r", 2), facts("auto", 0.5), 60_000, avoid, null, Clusters.Edge.HERE));

    var refused = find(effects, ReplyRefused.class);
    assertThat(refused.reason()).isEqualTo(Refusal.NO_CANDIDATE_LEFT);
    assertThat(refused.message())
        .contains("mini-m1, studio-m1: the request was there before, and the node was lost")
        .contains("studio-m2: the node is drained");
  }

  @Test
  void saysOfEachPlaceWhyARequestDoesNotReturnToItAndListsItOnce() {
    var core = demo();
    var avoid =
        List.of(
            new Tried(NodeId.of("studio-m2"), null, AttemptFailure.Kind.STALLED, 1),
            new Tried(NodeId.of("studio-m1"), null, AttemptFailure.Kind.NODE_STOPPING, 1),
            Tried.node(NodeId.of("mini-m1")));
    var rest = new Continues(ModelId.of("qwen3-32b"), Tier.PREMIUM);
    var submission =
        new Submission(
            attempt("r", 2), facts("auto", 0.5), 60_000, avoid, rest, Clusters.Edge.HERE);

    core.submit(at(SETTLED), submission);

    var rows = core.explain(attempt("r", 2).request()).orElseThrow().candidates();
    assertThat(rows).doesNotHaveDuplicates().hasSizeGreaterThan(3);
    assertThat(rows).extracting(row -> row.model() + " on " + row.node()).doesNotHaveDuplicates();
    assertThat(rows)
        .extracting(row -> row.node() + ": " + row.verdict().label())
        .contains("studio-m2: avoided-late", "studio-m1: avoided-leaving", "mini-m1: avoided-lost");
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
            null,
            Echo.NONE,
            4 * GIB,
            0,
            List.of(
                model("large", Tier.PREMIUM, ModelState.DISK, 1),
                model("small", Tier.BASIC, ModelState.LOADED, 1)));

    assertThat(place(core(full), facts("auto", 0.95)).model().value()).isEqualTo("small");
  }
}
