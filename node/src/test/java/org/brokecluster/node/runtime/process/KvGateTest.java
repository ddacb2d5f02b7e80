package org.brokecluster.node.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.brokecluster.node.memory.MemoryLedger;
import org.brokecluster.node.memory.MemoryLimit;
import org.brokecluster.node.runtime.process.KvGate.Verdict;
import org.brokecluster.protocol.id.ModelId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KvGateTest {
  private static final ModelId MODEL = ModelId.of("m");

  private final MemoryLedger ledger = new MemoryLedger(new MemoryLimit(100, 100));
  private final KvGate<String> gate = new KvGate<>(MODEL, ledger, 40, true);

  KvGateTest() {
    ledger.hold(Map.of(MODEL, 70L));
  }

  @Test
  void beginsWithinWhatIsSetAsideAndThenWithinWhatIsFree() {
    assertThat(gate.enter("a", 40)).isEqualTo(Verdict.BEGIN);
    assertThat(ledger.free()).isEqualTo(30);
    assertThat(gate.enter("b", 25)).isEqualTo(Verdict.BEGIN);
    assertThat(ledger.free()).isEqualTo(5);
    assertThat(gate.enter("c", 10)).isEqualTo(Verdict.WAIT);
    assertThat(gate.enter("d", 1)).as("in order").isEqualTo(Verdict.WAIT);

    var next = gate.leave(25);

    assertThat(next.begin()).containsExactly("c", "d");
    assertThat(next.refuse()).isEmpty();
    assertThat(ledger.free()).isEqualTo(19);
  }

  @Test
  void refusesWhatNobodyOfItsOwnCouldMakeRoomFor() {
    assertThat(gate.enter("a", 71)).isEqualTo(Verdict.REFUSE);
    assertThat(ledger.free()).isEqualTo(30);

    gate.enter("b", 10);
    assertThat(gate.enter("a", 71)).isEqualTo(Verdict.WAIT);
    assertThat(gate.leave(10).refuse()).containsExactly("a");
  }

  @Test
  void aServerThatTookItsCacheAtTheStartGetsNoMore() {
    var fixed = new KvGate<String>(MODEL, ledger, 40, false);

    assertThat(fixed.enter("a", 41)).isEqualTo(Verdict.REFUSE);
    assertThat(fixed.enter("b", 30)).isEqualTo(Verdict.BEGIN);
    assertThat(fixed.enter("c", 11)).isEqualTo(Verdict.WAIT);
    assertThat(fixed.leave(30).begin()).containsExactly("c");
    assertThat(ledger.free()).isEqualTo(30);
  }

  @Test
  void whoGoesWhileWaitingIsNotBegun() {
    gate.enter("a", 70);
    gate.enter("b", 70);
    assertThat(gate.withdraw("b")).isTrue();
    assertThat(gate.withdraw("b")).isFalse();

    assertThat(gate.leave(70).begin()).isEmpty();
    assertThat(ledger.free()).isEqualTo(30);
    assertThat(gate.waiting()).isZero();
  }

  static LongStream seeds() {
    return LongStream.range(0, 100);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void neverOverTheLimitAndNothingIsLost(long seed) {
    var random = new Random(seed);
    var running = new HashMap<String, Long>();
    var waiting = new HashMap<String, Long>();
    int refused = 0;
    int entered = 0;
    for (int step = 0; step < 500; step++) {
      if (random.nextBoolean()) {
        var name = "r" + entered++;
        long bytes = 1L + random.nextInt(80);
        switch (gate.enter(name, bytes)) {
          case BEGIN -> running.put(name, bytes);
          case WAIT -> waiting.put(name, bytes);
          case REFUSE -> refused++;
        }
      } else if (!running.isEmpty()) {
        var names = new ArrayList<>(running.keySet());
        var next = gate.leave(running.remove(names.get(random.nextInt(names.size()))));
        for (var name : next.begin()) {
          running.put(name, waiting.remove(name));
        }
        for (var name : next.refuse()) {
          waiting.remove(name);
          refused++;
        }
      }
      long used = running.values().stream().mapToLong(Long::longValue).sum();
      assertThat(used).isLessThanOrEqualTo(70);
      assertThat(ledger.free()).isEqualTo(30 - Math.max(0, used - 40));
      assertThat(gate.waiting()).isEqualTo(waiting.size());
    }
    assertThat(refused).isLessThan(entered);
  }
}
