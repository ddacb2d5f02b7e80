package org.brokecluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.node.NodeProtocol;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class SleepGuardTest {
  private static final ActorTestKit KIT = ActorTestKit.create();

  private final TestProbe<NodeProtocol.Command> node = KIT.createTestProbe();
  private final CountDownLatch allowed = new CountDownLatch(1);

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void aSleepIsAllowedWhenTheLastAnswerHasMoved() throws InterruptedException {
    var guard = guard(Duration.ofSeconds(10));

    guard.goingToSleep(allowed::countDown);
    var away = node.expectMessageClass(NodeActor.Away.class);
    assertThat(away.within()).isEqualTo(Duration.ofSeconds(10));
    assertThat(allowed.getCount()).isEqualTo(1);
    away.replyTo().tell(new NodeProtocol.Done(true, NodeId.of("n"), "stopped"));

    assertThat(allowed.await(60, TimeUnit.SECONDS)).isTrue();
    guard.awake();
    assertThat(node.expectMessageClass(NodeActor.Back.class).reason()).isEqualTo(away.reason());
  }

  @Test
  void aSleepIsNotHeldBackForEver() throws InterruptedException {
    guard(Duration.ofMillis(100)).goingToSleep(allowed::countDown);

    assertThat(allowed.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aMachineWithoutAMembershipSleepsAtOnce() {
    new SleepGuard(() -> null, Duration.ofSeconds(10)).goingToSleep(allowed::countDown);

    assertThat(allowed.getCount()).isZero();
  }

  private SleepGuard guard(Duration limit) {
    return new SleepGuard(() -> new SleepGuard.Seat(node.getRef(), KIT.system()), limit);
  }
}
