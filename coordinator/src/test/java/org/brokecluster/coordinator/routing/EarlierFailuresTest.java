package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.Clusters.at;
import static org.brokecluster.coordinator.routing.Clusters.attempt;
import static org.brokecluster.coordinator.routing.Clusters.facts;
import static org.brokecluster.coordinator.routing.Clusters.model;
import static org.brokecluster.coordinator.routing.Clusters.node;

import java.util.List;
import org.brokecluster.coordinator.routing.Effect.ReplyQueued;
import org.brokecluster.coordinator.routing.Effect.ReplyRefused;
import org.brokecluster.coordinator.routing.Effect.SendTicket;
import org.brokecluster.coordinator.routing.state.HostedModel;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.router.Refusal;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.RouterProtocol.Continues;
import org.brokecluster.protocol.router.TrafficClass;
import org.brokecluster.protocol.router.Tried;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Where a request goes after it has failed somewhere: the class of the failure decides. */
class EarlierFailuresTest extends RouterCoreCase {
  private static final NodeId ONE = NodeId.of("one");
  private static final NodeId TWO = NodeId.of("two");
  private static final ModelId FIRST = ModelId.of("first");

  @Test
  void asksTheSamePlaceOnceMoreAfterAHiccupBeforeAnyFallback() {
    core.nodeChanged(at(0), node("one", loaded("first"), loaded("second")));

    var again = retry("first", "second", new Tried(ONE, FIRST, Kind.RUNTIME_ERROR, 1));

    assertThat(modelOf(again)).isEqualTo("first");
  }

  @Test
  void takesTheFallbackAfterTheSecondErrorThere() {
    core.nodeChanged(at(0), node("one", loaded("first"), loaded("second")));

    var fallback = retry("first", "second", new Tried(ONE, FIRST, Kind.RUNTIME_ERROR, 2));

    assertThat(modelOf(fallback)).isEqualTo("second");
  }

  @Test
  void prefersTheSameModelElsewhereToTheSamePlaceAgain() {
    core.nodeChanged(at(0), node("one", loaded("first")));
    core.nodeChanged(at(0), node("two", loaded("first")));

    var elsewhere = retry("first", "second", new Tried(ONE, FIRST, Kind.RUNTIME_UNREACHABLE, 1));

    assertThat(only(elsewhere, SendTicket.class).node()).isEqualTo(TWO);
  }

  @Test
  void neverAsksASilentOrBusyPlaceAgainWhileAFallbackIsThere() {
    core.nodeChanged(at(0), node("one", loaded("first"), loaded("second")));

    for (var kind : List.of(Kind.STALLED, Kind.RATE_LIMITED, Kind.STREAM_CUT, Kind.LOAD_FAILED)) {
      var fallback = retry("first", "second", new Tried(ONE, FIRST, kind, 1));
      assertThat(modelOf(fallback)).as("after %s", kind).isEqualTo("second");
      core.withdraw(at(SETTLED), attempt("r", 2).request());
    }
  }

  @Test
  void goesOnWithTheSameWeightsWhereTheirStreamBrokeOffRatherThanWithOthers() {
    core.nodeChanged(at(0), node("one", loaded("first"), loaded("second")));
    var cut = new Tried(ONE, FIRST, Kind.STREAM_CUT, 1);

    var once = retry("first", "second", cut, new Continues(FIRST, Tier.BASIC));
    assertThat(modelOf(once)).isEqualTo("first");
    core.withdraw(at(SETTLED), attempt("r", 2).request());

    var twice = retry("first", "second", cut.again(cut.why()), new Continues(FIRST, Tier.BASIC));
    assertThat(modelOf(twice)).isEqualTo("second");
  }

  @Test
  void leavesAWholeNodeThatIsLost() {
    core.nodeChanged(at(0), node("one", loaded("first"), loaded("second")));

    var refused = only(retry("first", "second", Tried.node(ONE)), ReplyRefused.class);

    assertThat(refused.reason()).isEqualTo(Refusal.NO_CANDIDATE_LEFT);
  }

  @Test
  void takesOnlyALargerContextAfterThePromptWasTooLong() {
    core.nodeChanged(
        at(0),
        node("one", context("first", 4_096), context("same", 4_096), context("more", 8_192)));
    var tooLong = new Tried(ONE, FIRST, Kind.CONTEXT_LENGTH, 1);

    assertThat(modelOf(retry("auto", "more", tooLong))).isEqualTo("more");
    core.withdraw(at(SETTLED), attempt("r", 2).request());
    var refused = only(retry("first", "same", tooLong), ReplyRefused.class);
    assertThat(refused.reason()).isEqualTo(Refusal.CONTEXT_TOO_LONG);
  }

  @Test
  void neverTrustsAnUnknownContextAfterThePromptWasTooLong() {
    core.nodeChanged(at(0), node("one", context("first", 4_096), context("unknown", null)));

    var refused =
        only(
            retry("first", "unknown", new Tried(ONE, FIRST, Kind.CONTEXT_LENGTH, 1)),
            ReplyRefused.class);

    assertThat(refused.reason()).isEqualTo(Refusal.CONTEXT_TOO_LONG);
  }

  @Test
  void leavesAPlaceAloneForAsLongAsItsRuntimeAskedFor() {
    core.nodeChanged(at(0), node("one", loaded("first")));
    core.report(at(SETTLED), rateLimited("b", "one", "first", 2_000L), Clusters.Edge.HERE);

    var waiting = core.submit(at(SETTLED), Clusters.submission(attempt("s", 1), first()));

    assertThat(only(waiting, ReplyQueued.class).position()).isEqualTo(1);
    assertThat(core.tick(at(SETTLED + 1_900))).isEmpty();
    assertThat(only(core.tick(at(SETTLED + 2_000)), SendTicket.class).node()).isEqualTo(ONE);
  }

  private List<Effect> retry(String model, String fallback, Tried tried) {
    return retry(model, fallback, tried, null);
  }

  private List<Effect> retry(
      String model, String fallback, Tried tried, @Nullable Continues continues) {
    var wishes = Clusters.wishes(null, null, null, TrafficClass.INTERACTIVE, fallback);
    return core.submit(
        at(SETTLED),
        new Submission(
            attempt("r", 2),
            facts(model, 0.1, wishes),
            60_000,
            List.of(tried),
            continues,
            Clusters.Edge.HERE));
  }

  private static String modelOf(List<Effect> effects) {
    return only(effects, SendTicket.class).placement().model().value();
  }

  private static RequestFacts first() {
    return facts("first", 0.1);
  }

  private static HostedModel loaded(String id) {
    return model(id, Tier.BASIC, ModelState.LOADED, 4);
  }

  private static HostedModel context(String id, @Nullable Integer length) {
    return Clusters.withContext(loaded(id), length);
  }
}
