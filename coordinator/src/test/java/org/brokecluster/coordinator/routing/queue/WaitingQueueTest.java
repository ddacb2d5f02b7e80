package org.brokecluster.coordinator.routing.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.router.TrafficClass;
import org.junit.jupiter.api.Test;

class WaitingQueueTest {
  private final WaitingQueue<Standing> queue = new WaitingQueue<>(3);

  @Test
  void servesByClassThenByArrival() {
    queue.offer(waiter("b1", TrafficClass.BATCH, 1));
    queue.offer(waiter("i3", TrafficClass.INTERACTIVE, 3));
    queue.offer(waiter("i2", TrafficClass.INTERACTIVE, 2));

    assertThat(queue.inOrder()).extracting(Standing::name).containsExactly("i2", "i3", "b1");
    assertThat(queue.position(RequestId.of("i2"))).isEqualTo(1);
    assertThat(queue.position(RequestId.of("b1"))).isEqualTo(3);
    assertThat(queue.position(RequestId.of("nobody"))).isZero();
  }

  @Test
  void refusesWhatIsTooMuch() {
    for (int i = 0; i < 3; i++) {
      assertThat(queue.offer(waiter("r" + i, TrafficClass.AGENT, i))).isTrue();
    }

    assertThat(queue.offer(waiter("r3", TrafficClass.AGENT, 3))).isFalse();
    assertThat(queue.size()).isEqualTo(3);
  }

  @Test
  void takesBackOneThatHadAPlaceEvenWhenFull() {
    for (int i = 1; i < 4; i++) {
      queue.offer(waiter("r" + i, TrafficClass.AGENT, i));
    }

    queue.putBack(waiter("old", TrafficClass.AGENT, 0));

    assertThat(queue.position(RequestId.of("old"))).isEqualTo(1);
    assertThatThrownBy(() -> queue.putBack(waiter("old", TrafficClass.AGENT, 9)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void removesOnce() {
    queue.offer(waiter("r1", TrafficClass.AGENT, 1));

    assertThat(queue.remove(RequestId.of("r1"))).isTrue();
    assertThat(queue.remove(RequestId.of("r1"))).isFalse();
    assertThat(queue.inOrder()).isEmpty();
  }

  @Test
  void tellsWhoseTimeIsOver() {
    queue.offer(waiter("r1", TrafficClass.AGENT, 10));
    queue.offer(waiter("r2", TrafficClass.AGENT, 20));

    assertThat(queue.expired(1_010)).extracting(Standing::name).containsExactly("r1");
    assertThat(queue.expired(1_009)).isEmpty();
  }

  private static Standing waiter(String name, TrafficClass trafficClass, long arrival) {
    return new Standing(name, trafficClass, arrival);
  }

  private record Standing(String name, TrafficClass trafficClass, long arrival) implements Waiter {
    @Override
    public RequestId request() {
      return RequestId.of(name);
    }

    @Override
    public long deadlineMillis() {
      return 1_000 + arrival;
    }
  }
}
