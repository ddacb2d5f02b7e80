package org.brokecluster.node.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamTraceTest {
  private final StreamTrace trace = new StreamTrace();

  @Test
  void knowsTheMeanAndTheMostOfEveryStretch() {
    trace.change(1, 100);
    trace.change(1, 200);
    trace.change(-1, 300);
    trace.change(-1, 400);

    assertThat(trace.mean(100, 200)).hasValue(1);
    assertThat(trace.mean(200, 300)).hasValue(2);
    assertThat(trace.mean(100, 400)).hasValueCloseTo(4.0 / 3, within(1e-9));
    assertThat(trace.mean(0, 500)).hasValueCloseTo(0.8, within(1e-9));
    assertThat(trace.mean(450, 500)).hasValue(0);
    assertThat(trace.mean(200, 200)).isEmpty();
    assertThat(trace.most(100, 199)).hasValue(1);
    assertThat(trace.most(100, 200)).hasValue(2);
    assertThat(trace.most(150, 250)).hasValue(2);
    assertThat(trace.most(350, 500)).hasValue(1);
    assertThat(trace.now()).isZero();
  }

  @Test
  void doesNotSpeakOfWhatItHasForgotten() {
    for (int i = 0; i < 1000; i++) {
      trace.change(i % 2 == 0 ? 1 : -1, i * 10L);
    }

    assertThat(trace.mean(0, 10_000)).isEmpty();
    assertThat(trace.most(0, 10_000)).isEmpty();
    assertThat(trace.mean(8_000, 10_000)).hasValueCloseTo(0.5, within(0.01));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void agreesWithCountingEveryMoment(long seed) {
    var random = new Random(seed);
    var counts = new int[2000];
    int now = 0;
    for (int t = 0; t < counts.length; t++) {
      if (random.nextInt(10) == 0) {
        int by = now > 0 && random.nextBoolean() ? -1 : 1;
        now += by;
        trace.change(by, t);
      }
      counts[t] = now;
    }
    for (int i = 0; i < 50; i++) {
      int from = random.nextInt(1900);
      int to = from + 1 + random.nextInt(99);
      double sum = 0;
      int most = 0;
      for (int t = from; t < to; t++) {
        sum += counts[t];
        most = Math.max(most, counts[t]);
      }
      most = Math.max(most, counts[to]);
      assertThat(trace.mean(from, to)).hasValueCloseTo(sum / (to - from), within(1e-9));
      assertThat(trace.most(from, to)).hasValue(most);
    }
  }
}
