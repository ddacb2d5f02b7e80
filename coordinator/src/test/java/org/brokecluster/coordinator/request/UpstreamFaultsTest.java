package org.brokecluster.coordinator.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.fold.RoutingState;
import org.brokecluster.coordinator.history.fold.Total;
import org.brokecluster.coordinator.request.CoreRig.End;
import org.brokecluster.coordinator.request.CoreRig.Try;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the cores of edge and router make of a failing model server with one fallback. */
class UpstreamFaultsTest {
  private static final ModelId PRIMARY = ModelId.of("primary");
  private static final ModelId FALLBACK = ModelId.of("fallback");
  private static final AttemptFailure BROKEN = failure(Kind.RUNTIME_ERROR, 503, null);

  /** S01. */
  @Test
  void leavesABusyServerAloneForAsLongAsItAsked() {
    var rig = new CoreRig(once(failure(Kind.RATE_LIMITED, 429, 2_000L)));

    var first = rig.ask();
    var second = rig.ask();

    assertThat(first.model()).isEqualTo(FALLBACK);
    assertThat(second.model()).as("asked within the two seconds").isEqualTo(FALLBACK);
    rig.now += 2_000;
    assertThat(rig.ask().model()).isEqualTo(PRIMARY);
  }

  /** S02. */
  @Test
  void asksAServerThatIsBusyForEverOnlyOncePerRequest() {
    var rig = new CoreRig(always(failure(Kind.RATE_LIMITED, 429, null)));

    assertThat(rig.ask().model()).isEqualTo(FALLBACK);

    assertThat(rig.tries).extracting(Try::model).containsExactly(PRIMARY, FALLBACK);
  }

  /** S03 and S05. */
  @Test
  void asksTheSameServerOnceMoreAfterAnErrorOrAReset() {
    for (var kind : List.of(Kind.RUNTIME_ERROR, Kind.RUNTIME_UNREACHABLE)) {
      var rig = new CoreRig(once(failure(kind, null, null)));

      assertThat(rig.ask().model()).as("after %s", kind).isEqualTo(PRIMARY);
      assertThat(rig.tries.get(1).atMs() - rig.tries.get(0).atMs())
          .as("a moment, and the answer")
          .isBetween(300L, 600L);
    }
  }

  /** S04. */
  @Test
  void takesTheFallbackWhenTheServerGoesOnFailing() {
    var rig = new CoreRig(always(BROKEN));

    assertThat(rig.ask().model()).isEqualTo(FALLBACK);

    assertThat(rig.tries).extracting(Try::model).containsExactly(PRIMARY, PRIMARY, FALLBACK);
  }

  /** S06. */
  @Test
  void neverAsksASilentServerAgain() {
    var rig = new CoreRig(always(failure(Kind.STALLED, null, null)));

    assertThat(rig.ask().model()).isEqualTo(FALLBACK);

    assertThat(rig.tries).extracting(Try::model).containsExactly(PRIMARY, FALLBACK);
  }

  /** S12. */
  @Test
  void takesALargerContextOrTellsTheErrorAsItWas() {
    var tooLong = failure(Kind.CONTEXT_LENGTH, 400, null);

    assertThat(new CoreRig(always(tooLong), 4_096, 8_192).ask().model()).isEqualTo(FALLBACK);

    var none = new CoreRig(always(tooLong), 4_096, 4_096);
    assertThat(none.ask().error()).isEqualTo(new LifeAction.Fail(tooLong));
    assertThat(none.tries).hasSize(1);
  }

  /** S13. */
  @Test
  void doesNotRouteAroundARefusalOfTheContent() {
    var refused = failure(Kind.CONTENT_POLICY, 400, null);
    var rig = new CoreRig(always(refused));

    assertThat(rig.ask().error()).isEqualTo(new LifeAction.Fail(refused));
    assertThat(rig.tries).hasSize(1);
  }

  /** S15. */
  @Test
  void leavesABrokenServerAloneAndFindsItsRecovery() {
    long begin = 10_000;
    var rig = new CoreRig((model, tries, now) -> down(model, now < begin + 60_000));
    var ends = new ArrayList<End>();
    for (int i = 0; i < 25; i++) {
      rig.now = Math.max(rig.now, begin + i * 4_000L);
      ends.add(rig.ask());
    }

    assertThat(ends).allSatisfy(end -> assertThat(end.model()).isNotNull());
    var duringOutage =
        rig.tries.stream().filter(each -> each.atMs() < begin + 60_000).map(Try::model).toList();
    assertThat(duringOutage.stream().filter(PRIMARY::equals).count())
        .as("tries of a server that is down")
        .isLessThanOrEqualTo(14);
    var back = ends.stream().filter(end -> PRIMARY.equals(end.model())).findFirst().orElseThrow();
    assertThat(back.atMs() - begin - 60_000).isLessThanOrEqualTo(30_000);
  }

  /** S16. */
  @Test
  void countsOnlyWholeAnswersAndNamesWhoMadeThem() {
    var rig = new CoreRig(always(BROKEN));
    rig.ask();
    rig.ask();

    var state = new RoutingState();
    long number = 0;
    for (var event : rig.events) {
      state.apply(++number, event);
    }

    assertThat(state.total(Total.COMPLETED)).isEqualTo(2);
    assertThat(state.total(Total.COMPLETION_TOKENS)).isEqualTo(40);
    assertThat(rig.events)
        .filteredOn(RoutingEvent.Completed.class::isInstance)
        .allSatisfy(
            event ->
                assertThat(((RoutingEvent.Completed) event).report().model()).isEqualTo(FALLBACK));
  }

  private static @Nullable AttemptFailure down(ModelId model, boolean isDown) {
    return isDown && model.equals(PRIMARY) ? BROKEN : null;
  }

  private static CoreRig.Upstream once(AttemptFailure failure) {
    return (model, tries, now) -> model.equals(PRIMARY) && tries == 1 ? failure : null;
  }

  private static CoreRig.Upstream always(AttemptFailure failure) {
    return (model, tries, now) -> model.equals(PRIMARY) ? failure : null;
  }

  private static AttemptFailure failure(
      Kind kind, @Nullable Integer status, @Nullable Long retryAfterMs) {
    return new AttemptFailure(kind, status, "code", "message", null, retryAfterMs);
  }
}
