package org.brokecluster.node.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.brokecluster.node.runtime.process.ProcessLife.Ending;
import org.brokecluster.node.runtime.process.ProcessLife.Signs;
import org.brokecluster.shared.config.SettingsReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProcessLifeTest {
  private static final ProcessSettings SETTINGS =
      ProcessSettings.read(new SettingsReader(ConfigFactory.load()));
  private static final Ending DIED = new Ending("ValueError: broken", "ValueError: broken (…)");
  private static final double MIDDLE = 0.5;

  private final ProcessLife life = new ProcessLife(SETTINGS);
  private long now = 1_000;
  private long lastLife;

  @Test
  void isStartedProvenAndStopped() {
    assertThat(life.begin(false, now)).isEqualTo(Order.LAUNCH);
    assertThat(life.begin(false, now)).isEqualTo(Order.NOTHING);
    assertThat(life.state()).isEqualTo(ProcessState.STARTING);
    assertThat(life.opened(now)).isEqualTo(Order.PROVE);
    assertThat(life.state()).isEqualTo(ProcessState.PROVING);
    life.proven(now);
    assertThat(life.state()).isEqualTo(ProcessState.READY);

    assertThat(life.stop()).isEqualTo(Order.END);
    assertThat(life.exited(DIED, MIDDLE, now)).isEqualTo(Order.NOTHING);
    assertThat(life.state()).isEqualTo(ProcessState.IDLE);
    assertThat(life.reason()).isNull();
  }

  @Test
  void isNotStartedAgainIfItBreaksBeforeItsFirstToken() {
    life.begin(false, now);
    life.opened(now);
    life.exited(DIED, MIDDLE, now);

    assertThat(life.state()).isEqualTo(ProcessState.IDLE);
    assertThat(life.reason()).isEqualTo(DIED.why());
  }

  @Test
  void triesAnotherPortAtOnceButNotForEver() {
    life.begin(false, now);
    for (int port = 1; port < ProcessLife.PORTS_MAX; port++) {
      assertThat(life.portTaken(now)).isEqualTo(Order.END);
      assertThat(life.exited(DIED, MIDDLE, now)).isEqualTo(Order.LAUNCH);
    }
    life.portTaken(now);
    assertThat(life.exited(DIED, MIDDLE, now)).isEqualTo(Order.NOTHING);
    assertThat(life.reason()).contains("port was taken");
  }

  @Test
  void isGivenUpWhereNoPortOpensAndWhereNoTokenComes() {
    life.begin(false, now);
    assertThat(pass(SETTINGS.startTimeout().minusSeconds(2))).isEqualTo(Order.NOTHING);
    assertThat(pass(Duration.ofSeconds(2))).isEqualTo(Order.END);
    assertThat(life.doomed()).isTrue();
    assertThat(life.opened(now)).as("too late").isEqualTo(Order.NOTHING);
    life.exited(new Ending(null, "it was ended by signal 15"), MIDDLE, now);
    assertThat(life.reason()).contains("did not open its port within 60 s");

    life.begin(false, now);
    life.opened(now);
    assertThat(pass(SETTINGS.loadTimeout().minusSeconds(2))).isEqualTo(Order.NOTHING);
    assertThat(pass(Duration.ofSeconds(2))).isEqualTo(Order.END);
  }

  @Test
  void anErrorWhileLoadingIsBelievedAfterAGrace() {
    life.begin(false, now);
    life.opened(now);
    var error = new Signs(0, 0, false, "ValueError: no such model", now);

    assertThat(life.tick(error, now)).isEqualTo(Order.NOTHING);
    now += SETTINGS.errorGrace().toNanos() / 2;
    assertThat(life.tick(error, now)).isEqualTo(Order.NOTHING);
    now += SETTINGS.errorGrace().toNanos() / 2;
    assertThat(life.tick(error, now)).isEqualTo(Order.END);
    life.exited(DIED, MIDDLE, now);
    assertThat(life.reason()).isEqualTo("ValueError: no such model");
  }

  @Test
  void aDoubtIsAskedAboutAtOnceAndOnceOnly() {
    ready();
    var doubted = new Signs(1, now, true, null, 0);

    now += Duration.ofSeconds(1).toNanos();
    assertThat(life.tick(doubted, now)).isEqualTo(Order.PROBE);
    now += Duration.ofSeconds(1).toNanos();
    assertThat(life.tick(doubted, now)).isEqualTo(Order.NOTHING);
    life.proven(now);
    assertThat(tick()).isEqualTo(Order.NOTHING);
    assertThat(life.state()).isEqualTo(ProcessState.READY);
  }

  @Test
  void waitsTwiceAsLongAfterEachCrashAndThenGoesOutOfService() {
    ready();
    long wait = SETTINGS.backoffMin().toNanos();
    for (int crash = 1; crash < SETTINGS.crashesMax(); crash++) {
      life.exited(DIED, MIDDLE, now);
      assertThat(life.state()).isEqualTo(ProcessState.WAITING);
      assertThat(life.begin(true, now)).as("no wait is cut short").isEqualTo(Order.NOTHING);
      now += wait - 1;
      assertThat(tick()).isEqualTo(Order.NOTHING);
      now += 1;
      assertThat(tick()).isEqualTo(Order.LAUNCH);
      life.opened(now);
      life.proven(now);
      wait = Math.min(2 * wait, SETTINGS.backoffMax().toNanos());
    }
    life.exited(DIED, MIDDLE, now);

    assertThat(life.state()).isEqualTo(ProcessState.OUT_OF_SERVICE);
    assertThat(life.reason()).contains("crashed 5 times within 600 s", "ValueError: broken");
    assertThat(life.begin(false, now)).isEqualTo(Order.NOTHING);
    assertThat(life.begin(true, now)).as("an operator may").isEqualTo(Order.LAUNCH);
    assertThat(life.crashes()).isZero();
  }

  @Test
  void aLongRestEnds() {
    outOfService();

    assertThat(pass(SETTINGS.crashRest().minusSeconds(2))).isEqualTo(Order.NOTHING);
    assertThat(life.state()).isEqualTo(ProcessState.OUT_OF_SERVICE);
    pass(Duration.ofSeconds(3));
    assertThat(life.state()).isEqualTo(ProcessState.IDLE);
    assertThat(life.begin(false, now)).isEqualTo(Order.LAUNCH);
  }

  @Test
  void crashesLongAgoDoNotCount() {
    ready();
    for (int crash = 0; crash < 3 * SETTINGS.crashesMax(); crash++) {
      life.exited(DIED, MIDDLE, now);
      assertThat(life.state()).isEqualTo(ProcessState.WAITING);
      while (life.state() == ProcessState.WAITING) {
        pass(Duration.ofSeconds(1));
      }
      life.opened(now);
      life.proven(now);
      lastLife = now;
      pass(SETTINGS.crashWindow().dividedBy(2));
    }
  }

  @Test
  void silenceIsAnsweredByAQuestionAndOnlySilenceAfterItByTheEnd() {
    ready();
    assertThat(pass(SETTINGS.idleProbe().minusSeconds(2))).isEqualTo(Order.NOTHING);
    assertThat(pass(Duration.ofSeconds(2))).isEqualTo(Order.PROBE);
    life.proven(now);
    assertThat(pass(SETTINGS.idleProbe().minusSeconds(2))).isEqualTo(Order.NOTHING);
    assertThat(pass(Duration.ofSeconds(2))).isEqualTo(Order.PROBE);
    pass(SETTINGS.probeTimeout().dividedBy(2));
    lastLife = now; // Somebody else's token.
    assertThat(pass(SETTINGS.probeTimeout().minusSeconds(2))).isEqualTo(Order.NOTHING);
    assertThat(pass(Duration.ofSeconds(2))).isEqualTo(Order.END);
    life.exited(new Ending(null, "ended"), MIDDLE, now);
    assertThat(life.reason()).contains("it hangs");
  }

  @Test
  void aProcessWithWorkIsAskedSooner() {
    ready();

    assertThat(pass(SETTINGS.busyProbe().minusSeconds(2), 1)).isEqualTo(Order.NOTHING);
    assertThat(pass(Duration.ofSeconds(2), 1)).isEqualTo(Order.PROBE);
  }

  @Test
  void theTimeWeSleptIsHeldAgainstNobody() {
    ready();
    now += Duration.ofHours(8).toNanos();
    assertThat(tick()).as("asked on waking").isEqualTo(Order.PROBE);
    now += Duration.ofHours(8).toNanos();
    assertThat(tick()).isEqualTo(Order.NOTHING);
    assertThat(life.state()).isEqualTo(ProcessState.READY);

    assertThat(pass(SETTINGS.probeTimeout().plusSeconds(1))).isEqualTo(Order.END);
  }

  @Test
  void isAskedOnWakingWhereTheClockStoodStill() {
    ready();
    assertThat(life.woke(now)).isEqualTo(Order.PROBE);
    assertThat(life.woke(now)).as("asked already").isEqualTo(Order.NOTHING);

    var loading = new ProcessLife(SETTINGS);
    loading.begin(false, now);
    assertThat(loading.woke(now + SETTINGS.startTimeout().toNanos())).isEqualTo(Order.NOTHING);
    assertThat(loading.state()).isEqualTo(ProcessState.STARTING);
  }

  @Test
  void whoStopsItWhileItWaitsHasItStopped() {
    ready();
    life.exited(DIED, MIDDLE, now);

    assertThat(life.stop()).isEqualTo(Order.NOTHING);

    assertThat(life.state()).isEqualTo(ProcessState.IDLE);
    assertThat(pass(SETTINGS.backoffMax().multipliedBy(2))).isEqualTo(Order.NOTHING);
  }

  @Test
  void isStartedAfterItsEndIfItIsWantedMeanwhile() {
    ready();
    life.stop();
    life.begin(false, now);
    assertThat(life.state()).isEqualTo(ProcessState.STOPPING);
    assertThat(life.exited(DIED, MIDDLE, now)).isEqualTo(Order.LAUNCH);

    life.opened(now);
    life.stop();
    life.begin(false, now);
    life.stop();
    assertThat(life.exited(DIED, MIDDLE, now)).isEqualTo(Order.NOTHING);
  }

  @Test
  void itsOwnWordsSayMoreThanAnAnswerCutShort() {
    life.begin(false, now);
    life.opened(now);
    assertThat(life.unproven("stream cut", now)).isEqualTo(Order.END);
    life.exited(DIED, MIDDLE, now);
    assertThat(life.reason()).isEqualTo("ValueError: broken");

    life.begin(false, now);
    life.opened(now);
    life.unproven("stream cut", now);
    life.exited(new Ending(null, "it was ended by signal 15"), MIDDLE, now);
    assertThat(life.reason()).isEqualTo("stream cut");
  }

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  /**
   * Whatever happens in whatever order: there is never a second launch while a process may live,
   * never more crashes than allowed, and a restart waits within its bounds.
   */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void neverRunsTwoProcessesAndNeverRestartsTooOften(long seed) {
    var random = new Random(seed);
    boolean alive = false;
    long diedAt = 0;
    for (int step = 0; step < 2_000; step++) {
      now += (long) (random.nextDouble() * 2e9);
      var before = life.state();
      var order =
          switch (random.nextInt(10)) {
            case 0 -> life.begin(random.nextBoolean(), now);
            case 1 -> random.nextInt(20) == 0 ? life.stop() : Order.NOTHING;
            case 2 -> alive ? life.opened(now) : Order.NOTHING;
            case 3 -> alive ? life.proven(now) : Order.NOTHING;
            case 4 -> alive && random.nextInt(5) == 0 ? life.unproven("no", now) : Order.NOTHING;
            case 5 -> alive && random.nextInt(5) == 0 ? life.portTaken(now) : Order.NOTHING;
            default -> tick();
          };
      if (alive && (order == Order.END || life.doomed() || random.nextInt(40) == 0)) {
        alive = false;
        diedAt = now;
        before = life.state();
        order = life.exited(DIED, random.nextDouble(), now);
      }
      if (order == Order.LAUNCH) {
        assertThat(alive).as("step %d", step).isFalse();
        if (before == ProcessState.WAITING) {
          assertThat(now - diedAt)
              .isGreaterThanOrEqualTo((long) (0.8 * SETTINGS.backoffMin().toNanos()));
        }
        alive = true;
      }
      assertThat(life.crashes()).isLessThanOrEqualTo(SETTINGS.crashesMax());
      assertThat(alive).isEqualTo(hasProcess());
    }
  }

  private boolean hasProcess() {
    return switch (life.state()) {
      case STARTING, PROVING, READY, STOPPING -> true;
      case IDLE, WAITING, OUT_OF_SERVICE -> false;
    };
  }

  private void ready() {
    life.begin(false, now);
    life.opened(now);
    life.proven(now);
    lastLife = now;
    tick();
  }

  private void outOfService() {
    ready();
    for (int crash = 1; crash <= SETTINGS.crashesMax(); crash++) {
      life.exited(DIED, MIDDLE, now);
      while (life.state() == ProcessState.WAITING) {
        pass(Duration.ofSeconds(1));
      }
    }
    assertThat(life.state()).isEqualTo(ProcessState.OUT_OF_SERVICE);
  }

  private Order tick() {
    return life.tick(new Signs(0, lastLife, false, null, 0), now);
  }

  private Order pass(Duration time) {
    return pass(time, 0);
  }

  /** Lets time pass in ticks; the first order that is one. */
  private Order pass(Duration time, int running) {
    long until = now + time.toNanos();
    var order = Order.NOTHING;
    while (now < until && order == Order.NOTHING) {
      now = Math.min(until, now + Duration.ofSeconds(1).toNanos());
      order = life.tick(new Signs(running, lastLife, false, null, 0), now);
    }
    return order;
  }
}
