package org.brokecluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.node.NodeBench.attempt;

import java.time.Duration;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.node.DrillKind;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.router.RouterProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node that plays a fault: what others see of it meanwhile and afterwards. */
class NodeDrillTest {
  private final NodeBench bench = new NodeBench();

  @AfterEach
  void end() {
    bench.close();
  }

  @Test
  void aCutKeepsEverythingBackAndDeliversItLate() {
    bench.begin("r1");
    bench.nextAtRouter(RouterProtocol.AttemptStarted.class);
    drill(DrillKind.PARTITION, 2);
    bench.edge.expectNoMessage(Duration.ZERO);

    bench.answer(0).say("late");
    bench.node.tell(bench.ticket("r2"));
    bench.pass(Duration.ofMillis(1_750));
    bench.edge.expectNoMessage(Duration.ZERO);
    bench.pass(Duration.ofMillis(500));

    assertThat(bench.next(EdgeProtocol.TokenBatch.class).attempt()).isEqualTo(attempt("r1"));
    assertThat(bench.next(EdgeProtocol.Ready.class).attempt()).isEqualTo(attempt("r2"));
  }

  @Test
  void aKillForgetsItsAnswersAndSaysNothingOfThem() {
    var answer = bench.begin("r1");
    bench.nextAtRouter(RouterProtocol.AttemptStarted.class);
    drill(DrillKind.KILL, 1);

    bench.node.tell(bench.ticket("r2"));
    bench.sync();
    bench.edge.awaitAssert(() -> assertThat(answer.cancelled).isTrue());
    bench.pass(Duration.ofMillis(1_500));

    bench.router.expectNoMessage(Duration.ZERO);
    bench.node.tell(bench.ticket("r3"));
    assertThat(bench.next(EdgeProtocol.Ready.class).attempt()).isEqualTo(attempt("r3"));
  }

  private void drill(DrillKind kind, int seconds) {
    bench.node.tell(new NodeProtocol.Drill(kind, seconds, bench.done.getRef()));
    assertThat(bench.done.receiveMessage().accepted()).isTrue();
  }
}
