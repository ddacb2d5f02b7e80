package org.brokecluster.coordinator.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.brokecluster.protocol.id.RequestId;
import org.junit.jupiter.api.Test;

class RequestIdsTest {
  private final RequestIds ids = new RequestIds();

  @Test
  void knowsWhatItMade() {
    var first = ids.next();
    var next = RequestId.of(ids.process() + "-2");

    assertThat(ids.made(first)).isTrue();
    assertThat(ids.made(next)).isFalse();
    assertThat(ids.next()).isEqualTo(next);
    assertThat(ids.made(next)).isTrue();
  }

  @Test
  void knowsWhatItDidNotMake() {
    ids.next();

    for (var other : new String[] {"x-1", ids.process(), ids.process() + "-", "-1", "nothing"}) {
      assertThat(ids.made(RequestId.of(other))).as(other).isFalse();
    }
    assertThat(ids.made(RequestId.of(ids.process() + "-0"))).isFalse();
    assertThat(new RequestIds().made(RequestId.of(ids.process() + "-1"))).isFalse();
  }

  @Test
  void anIdTellsItsProcess() {
    assertThat(RequestIds.processOf(ids.next())).isEqualTo(ids.process());
    assertThat(RequestIds.processOf(RequestId.of("abc"))).isEmpty();
  }
}
