package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.Clusters.at;
import static org.brokecluster.coordinator.routing.Clusters.attempt;
import static org.brokecluster.coordinator.routing.Clusters.facts;
import static org.brokecluster.coordinator.routing.Clusters.model;
import static org.brokecluster.coordinator.routing.Clusters.node;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Set;
import org.brokecluster.coordinator.routing.Effect.ReplyRefused;
import org.brokecluster.coordinator.routing.Effect.SendTicket;
import org.brokecluster.coordinator.routing.state.HostedModel;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.router.Refusal;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.TrafficClass;
import org.brokecluster.protocol.router.Tried;
import org.brokecluster.protocol.router.Wishes;
import org.brokecluster.shared.config.SettingsReader;
import org.junit.jupiter.api.Test;

/** Which other model answers where the one asked for cannot. */
class FallbacksTest extends RouterCoreCase {
  private static final String CONFIGURED =
      """
      broke.router.fallbacks {
        large = [small, balanced]
        premium = [small]
      }
      """;

  private final RouterCore configured = Clusters.core(Clusters.settings(CONFIGURED));

  @Test
  void takesTheConfiguredFallbackForAModelThatIsNotThere() {
    configured.nodeChanged(at(0), node("one", basic("small"), balanced("middle")));

    assertThat(place(facts("large", 0.9))).isEqualTo("small");
  }

  @Test
  void takesATierAsAFallback() {
    configured.nodeChanged(at(0), node("one", basic("tiny"), balanced("middle")));

    assertThat(place(facts("large", 0.1))).isEqualTo("middle");
  }

  @Test
  void takesTheConfiguredFallbackOfATierBeforeAllOthers() {
    configured.nodeChanged(at(0), node("one", basic("small"), balanced("middle")));

    assertThat(place(facts("premium", 0.9))).isEqualTo("small");
    var wished = Clusters.wishes(null, Tier.PREMIUM, null, TrafficClass.INTERACTIVE);
    assertThat(place(facts("auto", 0.9, wished))).isEqualTo("small");
  }

  @Test
  void prefersTheRequestsOwnFallbacks() {
    configured.nodeChanged(at(0), node("one", basic("small"), balanced("middle")));
    var own = Clusters.wishes(null, null, null, TrafficClass.INTERACTIVE, "middle");

    assertThat(place(facts("large", 0.9, own))).isEqualTo("middle");
  }

  @Test
  void hasNoFallbackWhereNoneIsNamed() {
    core.nodeChanged(at(0), node("one", basic("small")));

    var refused =
        only(
            core.submit(at(SETTLED), Clusters.submission(attempt("r", 1), facts("large", 0.1))),
            ReplyRefused.class);

    assertThat(refused.reason()).isEqualTo(Refusal.MODEL_NOT_FOUND);
  }

  @Test
  void neverChangesTheCategorySilently() {
    var seeing = Set.of(Ability.CHAT, Ability.VISION);
    configured.nodeChanged(
        at(0),
        node(
            "one",
            basic("small"),
            Clusters.model("eye", Tier.BALANCED, ModelState.LOADED, 2, 2, 0, seeing)));

    assertThat(place(needing(Ability.VISION, "large"))).as("small cannot see").isEqualTo("eye");
    var refused =
        only(
            configured.submit(
                at(SETTLED), Clusters.submission(attempt("t", 1), needing(Ability.TOOLS, "large"))),
            ReplyRefused.class);
    assertThat(refused.reason()).isEqualTo(Refusal.NOT_CAPABLE);
  }

  @Test
  void fallsBackWhenTheFirstOneFailsAgain() {
    configured.nodeChanged(
        at(0), node("one", model("large", Tier.PREMIUM, ModelState.LOADED, 2), basic("small")));

    var effects =
        configured.submit(
            at(SETTLED),
            new Submission(
                attempt("r", 2),
                facts("large", 0.9),
                60_000,
                List.of(new Tried(NodeId.of("one"), ModelId.of("large"), Kind.RUNTIME_ERROR, 2)),
                null,
                0,
                Clusters.Edge.HERE));

    assertThat(only(effects, SendTicket.class).placement().model().value()).isEqualTo("small");
  }

  @Test
  void waitsForABusyModelRatherThanFallingBack() {
    configured.nodeChanged(
        at(0), node("one", model("large", Tier.PREMIUM, ModelState.LOADED, 1), basic("small")));
    configured.submit(at(SETTLED), Clusters.submission(attempt("r", 1), facts("large", 0.9)));

    var second =
        configured.submit(at(SETTLED), Clusters.submission(attempt("s", 1), facts("large", 0.9)));

    assertThat(only(second, Effect.ReplyQueued.class).position()).isEqualTo(1);
  }

  @Test
  void refusesALoopInTheConfiguration() {
    var config =
        ConfigFactory.parseString("broke.router.fallbacks { a = [b, a] }")
            .withFallback(ConfigFactory.load());
    var reader = new SettingsReader(config.resolve());

    RouterSettings.from(reader);

    assertThat(reader.problems()).anySatisfy(each -> assertThat(each).contains("fallbacks", "a"));
  }

  private String place(RequestFacts facts) {
    var effects = configured.submit(at(SETTLED), Clusters.submission(attempt("r", 1), facts));
    var ticket = only(effects, SendTicket.class);
    configured.withdraw(at(SETTLED), ticket.attempt().request());
    return ticket.placement().model().value();
  }

  private static RequestFacts needing(Ability ability, String model) {
    return new RequestFacts(
        Api.CHAT,
        model,
        true,
        Clusters.profile(0.1, 100),
        100,
        400,
        null,
        Set.of(ability),
        Wishes.NONE,
        List.of());
  }

  private static HostedModel basic(String id) {
    return model(id, Tier.BASIC, ModelState.LOADED, 4);
  }

  private static HostedModel balanced(String id) {
    return model(id, Tier.BALANCED, ModelState.LOADED, 2);
  }
}
