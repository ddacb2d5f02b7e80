package org.brokecluster.node.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.brokecluster.node.ScriptedRuntime;
import org.brokecluster.node.memory.MemoryLedger;
import org.brokecluster.node.memory.MemoryLimit;
import org.brokecluster.node.resume.Resumption;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.node.runtime.Prompt;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.model.Baseline;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.SharedSpeed;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.ResumeWay;
import org.brokecluster.shared.config.SettingsReader;
import org.junit.jupiter.api.Test;

/** What a pool of models learns of their speeds, and from which answers. */
class ModelPoolSpeedTest {
  private static final ModelId HOT = ModelId.of("hot");
  private static final ModelId COLD = ModelId.of("cold");
  private static final PoolSettings SETTINGS =
      PoolSettings.from(new SettingsReader(ConfigFactory.load()));

  private final AtomicLong nanos = new AtomicLong();
  private final ScriptedRuntime runtime =
      new ScriptedRuntime("first").with(HOT, ModelState.LOADED, 2).with(COLD, ModelState.DISK, 1);
  private final SpeedBook speeds = new SpeedBook(100, () -> 1_790_000_000L);
  private final ModelPool pool = pool();

  private ModelPool pool() {
    var memory = new MemoryLedger(new MemoryLimit(5L << 30, 5L << 30));
    var made = new ModelPool(SETTINGS, memory, List.of(runtime), speeds, nanos::get);
    made.rescan();
    return made;
  }

  @Test
  void learnsNoSpeedFromAnswersSideBySide() {
    var measured = new Measurement(new Usage(2000, 101, 0), 1_000_000_000, 1_000_000_000);
    var first = pool.acquire(HOT);
    var other = pool.acquire(HOT);
    start(first);
    start(other);
    other.measured(measured);
    other.close();
    first.measured(measured);
    first.close();
    assertThat(pool.model(HOT).orElseThrow().speed()).isEqualTo(ScriptedRuntime.ESTIMATE);

    nanos.incrementAndGet();
    var alone = pool.acquire(HOT);
    start(alone);
    alone.measured(measured);

    assertThat(pool.model(HOT).orElseThrow().speed().measured()).isTrue();
    assertThat(pool.model(HOT).orElseThrow().speed().prefillTokensPerSecond()).isEqualTo(1500);
  }

  @Test
  void learnsNoSpeedWhereTheBeginningIsKeptBack() {
    var measured = new Measurement(new Usage(2000, 101, 0), 1_000_000_000, 1);
    for (var way : List.of(ResumeWay.PROMPTED, ResumeWay.REPLAY)) {
      try (var lease = pool.acquire(HOT)) {
        start(lease, new Resumption(way, "", "what was sent", 3).listener(new Deaf()));
        lease.measured(measured);
      }
    }

    assertThat(pool.model(HOT).orElseThrow().speed()).isEqualTo(ScriptedRuntime.ESTIMATE);
  }

  @Test
  void learnsWhatEachStreamGetsFromAnswersThatShareTheirModel() {
    var measured = new Measurement(new Usage(2000, 101, 0), 0, Duration.ofSeconds(4).toNanos());
    var first = pool.acquire(HOT);
    var other = pool.acquire(HOT);
    start(first);
    start(other);
    nanos.addAndGet(Duration.ofSeconds(4).toNanos());
    first.measured(measured);
    other.measured(measured);

    var speed = pool.model(HOT).orElseThrow().speed();
    assertThat(speed.shared()).containsExactly(new SharedSpeed(2, 25));
    assertThat(speed.samples()).isEqualTo(2);
    assertThat(speed.decodeTokensPerSecond()).isEqualTo(50);
  }

  @Test
  void learnsNothingWhileAnotherModelWorksToo() {
    var measured = new Measurement(new Usage(2000, 101, 0), 0, Duration.ofSeconds(4).toNanos());
    var leases = List.of(pool.acquire(HOT), pool.acquire(HOT), pool.acquire(COLD));
    leases.forEach(ModelPoolSpeedTest::start);
    nanos.addAndGet(Duration.ofSeconds(4).toNanos());
    leases.forEach(lease -> lease.measured(measured));

    assertThat(pool.model(HOT).orElseThrow().speed()).isEqualTo(ScriptedRuntime.ESTIMATE);
  }

  @Test
  void knowsSpeedsFromBeforeAndKeepsThoseOfTheModelsSize() {
    var lease = pool.acquire(HOT);
    start(lease);
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    lease.measured(new Measurement(new Usage(2000, 101, 0), 500_000_000, 500_000_000));
    var learned = pool.model(HOT).orElseThrow().speed();

    var next = pool();

    assertThat(learned.measured()).isTrue();
    assertThat(next.model(HOT).orElseThrow().speed()).isEqualTo(learned);
    assertThat(speeds.baselines()).hasSize(1);
  }

  @Test
  void usesAdoptedFiguresAtOnceWhereNothingWasMeasured() {
    speeds.adopt(
        List.of(
            new Baseline(
                COLD, "first", null, null, new Baseline.Mean(77, 3), null, List.of(), 1L, false)));
    pool.speedsAdopted();

    assertThat(pool.model(COLD).orElseThrow().speed().decodeTokensPerSecond()).isEqualTo(77);
    pool.rescan();
    assertThat(pool.model(COLD).orElseThrow().speed().decodeTokensPerSecond()).isEqualTo(77);
  }

  private static Generation start(Lease lease) {
    return start(lease, new Deaf());
  }

  private static Generation start(Lease lease, GenerationListener listener) {
    var attempt = new AttemptId(RequestId.of("r"), 1);
    return lease.start(new Prompt(attempt, Api.CHAT, HOT, new byte[0], "", 0, 1), listener);
  }
}
