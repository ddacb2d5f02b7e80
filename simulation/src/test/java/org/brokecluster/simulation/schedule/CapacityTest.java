package org.brokecluster.simulation.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.stream.IntStream;
import org.brokecluster.coordinator.routing.RouterSettings;
import org.brokecluster.coordinator.routing.scorer.Strategies;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.shared.config.SettingsReader;
import org.brokecluster.shared.hardware.Chip;
import org.brokecluster.shared.hardware.ModelSize;
import org.brokecluster.shared.hardware.Quantization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When a queue counts as bounded, and the highest rate at which it is. */
class CapacityTest {
  private static final int SLOTS = 4;
  private static final RouterSettings SETTINGS =
      RouterSettings.from(
          new SettingsReader(
              ConfigFactory.parseString("broke.router.queue-size = 100000")
                  .withFallback(ConfigFactory.load())));
  private static final Capacity CAPACITY =
      new Capacity(new Bench(SETTINGS, Strategies.of(SETTINGS.strategies(), List.of())));

  @Test
  void aQueueThatGrowsIsUnboundedAndOneThatDoesNotIsBounded() {
    assertThat(waiting(IntStream.range(0, 300).map(i -> i / 10)).bounded()).isFalse();
    assertThat(waiting(IntStream.range(0, 300).map(i -> SLOTS)).bounded()).isTrue();
    assertThat(waiting(IntStream.range(0, 300).map(i -> SLOTS + 1)).bounded()).isFalse();
  }

  @Test
  void aBurstThatIsWorkedOffDoesNotCount() {
    var tally = waiting(IntStream.range(0, 300).map(i -> i < 150 ? 100 - i / 2 : 0));

    assertThat(tally.bounded()).isTrue();
    assertThat(tally.lastWaiting()).isZero();
  }

  @Test
  void aBurstAtTheEndDoes() {
    assertThat(waiting(IntStream.range(0, 300).map(i -> i < 250 ? 0 : 50)).bounded()).isFalse();
  }

  @Test
  void onlyWhatComesOfItselfIsAsked() {
    var tally = waiting(IntStream.range(0, 30).map(i -> SLOTS));
    for (int i = 0; i < 300; i++) {
      tally.came(job(), 1_000, false);
    }

    assertThat(tally.bounded()).isTrue();
    assertThat(tally.lastWaiting()).isEqualTo(1_000);
  }

  @Test
  void nothingThatCameIsBounded() {
    assertThat(new Tally(SLOTS).bounded()).isTrue();
  }

  /** One Mac, one stream, equal requests at equal distances: it can serve one in their time. */
  @ParameterizedTest
  @EnumSource
  void isTheRateOfServiceWhereOneRequestIsServedAtATime(PolicyKind policy) {
    double found = CAPACITY.of(regular(400), single(), policy, 300);

    assertThat(found * serviceSeconds()).isBetween(1 / 1.06, 1.02);
  }

  @Test
  void endsWhereNoRateIsTooHigh() {
    // fewer requests than can be served at once: nobody ever waits for long
    double found = CAPACITY.of(regular(20), Fleet.UNEQUAL, PolicyKind.ROUND_ROBIN, 20);

    assertThat(found).isBetween(1_000.0, 1e6);
  }

  @Test
  void endsForConversationsOnEveryFleet() {
    var agents = new AgentLoad(AgentShape.USUAL, Guess.USUAL);
    for (var fleet : Fleet.ALL) {
      double found = CAPACITY.of(agents, fleet, PolicyKind.LEAST_IN_FLIGHT, 120);

      assertThat(found).as(fleet.name()).isPositive().isFinite();
    }
  }

  private static Tally waiting(IntStream others) {
    var tally = new Tally(SLOTS);
    others.forEach(each -> tally.came(job(), each, true));
    return tally;
  }

  private static Job job() {
    return new Job(0, 0, "m", "u", false, 10, 10, 10, 10, List.of(), List.of(), 0, -1);
  }

  private static TraceLoad regular(int count) {
    var rows = IntStream.range(0, count).mapToObj(i -> new TraceLoad.Row(i, 1_000, 100)).toList();
    return new TraceLoad("regular", rows, new Guess(0, 0), 1);
  }

  private static double serviceSeconds() {
    var mac = single().macs().get(0);
    var speed = mac.speed(mac.models().get(0));
    return 1_000 / speed.prefillTokensPerSecond() + 100 / speed.decodeTokensPerSecond();
  }

  private static Fleet single() {
    var size = ModelSize.dense(4_000_000_000L, new Quantization("4bit", 4.5));
    var model = new MacSpec.ModelSpec("m", Tier.BASIC, size, true, 1, 10);
    var chip = Chip.parse("M1").orElseThrow();
    var mix = new Mix(List.of("m"), List.of(1.0));
    var mac = new MacSpec("mini", chip, 16L << 30, List.of(model), false);
    return new Fleet("single", List.of(mac), mix, mix);
  }
}
