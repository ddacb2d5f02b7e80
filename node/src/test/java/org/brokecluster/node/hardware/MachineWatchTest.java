package org.brokecluster.node.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.brokecluster.node.Soon;
import org.brokecluster.node.hardware.MachineWatch.OwnerLook;
import org.brokecluster.protocol.state.MachineFacts;
import org.brokecluster.protocol.state.MachineLoad;
import org.junit.jupiter.api.Test;

class MachineWatchTest {
  private static final MachineFacts FACTS =
      new MachineFacts("macOS 26", "Mac14,6", 8, 4, 38, 48L << 30, false);

  private final AtomicReference<MachineLoad> now = new AtomicReference<>(load(8L << 30, 41));
  private final AtomicInteger looks = new AtomicInteger();
  private final MachineProbe probe =
      new MachineProbe() {
        @Override
        public MachineFacts facts() {
          return FACTS;
        }

        @Override
        public MachineLoad load() {
          if (looks.incrementAndGet() == 2) {
            throw new IllegalStateException("a look that fails");
          }
          return now.get();
        }
      };

  @Test
  void looksAgainAndAgainAndTellsWhatIsWorthTelling() throws InterruptedException {
    try (var watch = MachineWatch.start(probe, Duration.ofMillis(5))) {
      var steady = new CountDownLatch(1);
      watch.onChange(() -> {});
      await(() -> watch.load().cpuPercent() != null && looks.get() > 4);
      assertThat(watch.facts()).isEqualTo(FACTS);
      assertThat(watch.load().availableBytes()).isEqualTo(8L << 30);
      assertThat(watch.load().cpuPercent()).isEqualTo(40);

      watch.onChange(steady::countDown);
      now.set(load((8L << 30) + 1000, 42));
      int seen = looks.get();
      await(() -> looks.get() > seen + 3);
      assertThat(steady.getCount()).as("noise is not told").isOne();

      now.set(load(4L << 30, 42));
      assertThat(steady.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(watch.load().availableBytes()).isEqualTo(4L << 30);
    }
  }

  @Test
  void looksAtTheOwnerOnlyWhereThatIsAskedForAndTellsEachTime() throws InterruptedException {
    var clock = Clock.fixed(Instant.parse("2026-11-18T11:00:00Z"), ZoneOffset.ofHours(1));
    var touched = probe(Duration.ofSeconds(7));
    var told = new CountDownLatch(3);
    try (var none = MachineWatch.start(touched, Duration.ofMillis(5));
        var time = MachineWatch.start(touched, OwnerLook.TIME, clock, Duration.ofMillis(5));
        var touch = MachineWatch.start(touched, OwnerLook.TOUCH, clock, Duration.ofMillis(5))) {
      touch.onChange(told::countDown);

      assertThat(told.await(60, TimeUnit.SECONDS)).isTrue();
      var noon = LocalDateTime.of(2026, 11, 18, 12, 0);
      assertThat(touch.owner()).isEqualTo(new OwnerSigns(noon, Duration.ofSeconds(7)));
      await(() -> time.load().cpuPercent() != null);
      assertThat(time.owner()).isEqualTo(new OwnerSigns(noon, null));
      assertThat(none.owner().untouched()).isNull();
    }
  }

  private static MachineProbe probe(Duration untouched) {
    return new MachineProbe() {
      @Override
      public MachineFacts facts() {
        return FACTS;
      }

      @Override
      public MachineLoad load() {
        return MachineWatchTest.load(8L << 30, 41);
      }

      @Override
      public Optional<Duration> untouched() {
        return Optional.of(untouched);
      }
    };
  }

  private static void await(java.util.function.BooleanSupplier condition) {
    Soon.await("it becomes true", condition::getAsBoolean);
  }

  private static MachineLoad load(long available, int cpu) {
    return new MachineLoad(null, available, null, null, null, null, null, cpu);
  }
}
