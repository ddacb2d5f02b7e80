package org.brokecluster.coordinator.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.brokecluster.coordinator.router.ClusterView.MemberView;
import org.brokecluster.coordinator.routing.EdgeAddress;
import org.brokecluster.coordinator.routing.Effect;
import org.brokecluster.coordinator.routing.Moment;
import org.brokecluster.coordinator.routing.RouterCore;
import org.brokecluster.coordinator.routing.Submission;
import org.brokecluster.coordinator.routing.scorer.Strategies;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.RequestId;
import org.junit.jupiter.api.Test;

/** What a core hears of members that are not of use yet. */
class NodeFeedTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final RouterCore core =
      new RouterCore(
          1,
          RouterSamples.settings(),
          Strategies.of(RouterSamples.settings().strategies(), List.of()),
          "balanced",
          at(0));
  private final NodeFeed feed = new NodeFeed();

  @Test
  void aMemberThatHasToldNothingYetIsWaitedFor() {
    feed.feed(core, view(MemberState.UP, Set.of("node")), at(9_000));

    assertThat(submit()).hasAtLeastOneElementOfType(Effect.ReplyQueued.class);
  }

  @Test
  void aMemberThatJoinsIsWaitedFor() {
    feed.feed(core, view(MemberState.JOINING, Set.of("node", "coordinator")), at(9_000));

    assertThat(submit()).hasAtLeastOneElementOfType(Effect.ReplyQueued.class);
  }

  @Test
  void nobodyWaitsForAMemberThatRunsNoModelsOrIsLost() {
    feed.feed(core, view(MemberState.UP, Set.of("coordinator")), at(9_000));
    assertThat(submit()).hasAtLeastOneElementOfType(Effect.ReplyRefused.class);

    feed.feed(core, view(MemberState.UNREACHABLE, Set.of("node")), at(9_000));
    assertThat(submit()).hasAtLeastOneElementOfType(Effect.ReplyRefused.class);
  }

  private List<Effect> submit() {
    var attempt = new AttemptId(RequestId.of("r1"), 1);
    return core.submit(
        at(10_000),
        new Submission(
            attempt, RouterSamples.facts(), 60_000, List.of(), null, new Here("10.0.0.9:1")));
  }

  private record Here(String member) implements EdgeAddress {}

  private static ClusterView view(MemberState state, Set<String> roles) {
    return new ClusterView(
        List.of(new MemberView(1, "10.0.0.1:1", state, roles, null, null)), null);
  }

  private static Moment at(long millis) {
    return new Moment(START.plusMillis(millis), millis);
  }
}
