package org.brokecluster.coordinator.request;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.edge.EdgeProtocol.AttemptFailed;
import org.brokecluster.protocol.edge.EdgeProtocol.Ready;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptProtocol;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.RouterProtocol;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EdgeActorTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final Duration BEAT = Duration.ofMillis(250);
  private static final AttemptId ATTEMPT = new AttemptId(RequestId.of("request-1"), 1);

  private final TestProbe<RouterProtocol.Command> router = KIT.createTestProbe();
  private final TestProbe<NodeProtocol.Command> mini = KIT.createTestProbe();
  private final TestProbe<NodeProtocol.Command> studio = KIT.createTestProbe();
  private final TestProbe<AttemptProtocol.Command> attempt = KIT.createTestProbe();
  private final TestProbe<RequestActor.Command> request = KIT.createTestProbe();
  private final RequestRegistry registry = new RequestRegistry();
  private final AtomicLong nowMs = new AtomicLong();
  private final ActorRef<EdgeProtocol.Command> edge =
      KIT.spawn(
          EdgeActor.create(
              router.getRef(),
              registry,
              new ReportOutbox(10),
              new BeatSettings(BEAT, BEAT.multipliedBy(4)),
              nowMs::get));

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  /** The request hears from the cluster; before that, maybe, of the edge itself. */
  private void heard() {
    request.fishForMessage(
        Duration.ofSeconds(60),
        message ->
            message instanceof RequestActor.FromCluster
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
  }

  @BeforeEach
  void register() {
    registry.add(ATTEMPT.request(), request.getRef());
  }

  @Test
  void forgetsAnAttemptWhoseRequestEndedJustWhenANodeOfferedItself() {
    edge.tell(ready("mini", mini));
    heard();
    registry.remove(ATTEMPT.request());
    beat();
    mini.expectMessageClass(NodeProtocol.EdgeBeat.class);

    edge.tell(
        new AttemptFailed(
            ATTEMPT,
            0,
            AttemptFailure.of(AttemptFailure.Kind.NODE_LOST, "unknown_here", "unknown")));
    edge.tell(ready("studio", studio));
    studio.expectMessage(new NodeProtocol.Cancel(ATTEMPT));
    beat();

    mini.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void leavesAnAttemptWithTheNodeThatOfferedItselfFirst() {
    edge.tell(ready("mini", mini));
    heard();

    edge.tell(ready("studio", studio));

    studio.expectMessage(new NodeProtocol.Cancel(ATTEMPT));
    request.expectNoMessage(Duration.ofMillis(50));
    beat();
    mini.expectMessage(new NodeProtocol.EdgeBeat(edge, List.of(ATTEMPT)));
  }

  private void beat() {
    nowMs.addAndGet(BEAT.toMillis());
    ManualTime.get(KIT.system()).timePasses(BEAT);
  }

  private Ready ready(String name, TestProbe<NodeProtocol.Command> node) {
    var placement =
        new Placement(
            ModelId.of("small"), NodeId.of(name), Tier.BASIC, "balanced", 0, "prior", 10, 20, 0);
    return new Ready(ATTEMPT, 1, placement, 1, Set.of(), node.getRef(), attempt.getRef());
  }
}
