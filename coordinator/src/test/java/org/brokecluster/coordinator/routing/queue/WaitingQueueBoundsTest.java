package org.brokecluster.coordinator.routing.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.queue.Standing.EVERY_UNWATCHED;
import static org.brokecluster.coordinator.routing.queue.Standing.person;
import static org.brokecluster.coordinator.routing.queue.Standing.queue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.brokecluster.protocol.router.TrafficClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a queue promises, whatever comes and goes. */
class WaitingQueueBoundsTest {
  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  /** Two flows that never stop waiting differ by a bounded number of requests, by weight. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void keepsSharesWithinABoundOfEachOther(long seed) {
    var random = new Random(seed);
    double weight = 1 + random.nextInt(3);
    double shorterFirst = 4 * random.nextInt(3);
    var fair = queue(1_000, Map.of("ada", weight), shorterFirst);
    var served = new HashMap<String, Double>();
    double largest = 0;
    for (int i = 0; i < 200; i++) {
      var user = i % 2 == 0 ? "ada" : "bob";
      double cost = 50 + random.nextInt(1_000);
      largest = Math.max(largest, cost);
      fair.add(person("r" + i, user, cost, i));
    }

    for (int i = 0; i < 60; i++) {
      var next = fair.inOrder().get(0);
      fair.remove(next.request());
      fair.served(next, 0, true, false);
      served.merge(next.flow().user(), next.cost(), Double::sum);
      double ada = served.getOrDefault("ada", 0.0) / weight;
      double bob = served.getOrDefault("bob", 0.0);
      assertThat(Math.abs(ada - bob))
          .isLessThanOrEqualTo(largest / weight + (1 + shorterFirst) * largest);
    }
  }

  /** Whatever comes and goes, nobody waits beyond the bound that the queue promises. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void letsNobodyStarve(long seed) {
    var random = new Random(seed);
    var busy = queue(1_000, Map.of());
    var bound = new HashMap<String, Integer>();
    int places = 0;
    long now = 0;
    for (int i = 0; i < 400; i++) {
      now += random.nextInt(300);
      var classes = List.of(TrafficClass.values());
      var flow = new Flow(classes.get(random.nextInt(20) / 9), "u" + random.nextInt(40));
      busy.add(new Standing("r" + i, flow, 10 + random.nextInt(500), i, now, false));
      var old = new ArrayList<>(busy.old(now));
      for (int n = 0; n < old.size(); n++) {
        bound.putIfAbsent(old.get(n).name(), places + EVERY_UNWATCHED * (n + 1));
      }
      if (i > 20) {
        boolean oldest = busy.isOldestsTurn(now);
        var next = oldest ? busy.old(now).get(0) : busy.inOrder().get(0);
        busy.remove(next.request());
        busy.served(next, now, true, oldest);
        places++;
        assertThat(places).isLessThanOrEqualTo(bound.getOrDefault(next.name(), places));
      }
    }
    for (var left : busy.inOrder()) {
      assertThat(places).isLessThanOrEqualTo(bound.getOrDefault(left.name(), places));
    }
  }
}
