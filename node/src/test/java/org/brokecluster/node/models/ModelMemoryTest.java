package org.brokecluster.node.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.brokecluster.node.ScriptedRuntime;
import org.brokecluster.node.memory.Footprint;
import org.brokecluster.node.memory.MemoryLedger;
import org.brokecluster.node.memory.MemoryLimit;
import org.brokecluster.node.runtime.LoadException;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.state.MachineLoad;
import org.brokecluster.protocol.state.MachineLoad.Pressure;
import org.brokecluster.shared.config.SettingsReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One account of memory for the models of all runtimes. */
class ModelMemoryTest {
  private static final long GB = 1_000_000_000L;
  private static final PoolSettings SETTINGS =
      PoolSettings.from(new SettingsReader(ConfigFactory.load()));
  private static final ModelId A = ModelId.of("a");
  private static final ModelId B = ModelId.of("b");
  private static final ModelId C = ModelId.of("c");
  private static final ModelId HUGE = ModelId.of("huge");

  private final AtomicLong nanos = new AtomicLong();
  private final MemoryLedger ledger = new MemoryLedger(new MemoryLimit(64 * GB, 48 * GB));
  private final ScriptedRuntime mlx =
      new ScriptedRuntime("mlx")
          .with(A, ModelState.DISK, weights(20))
          .with(B, ModelState.DISK, weights(20))
          .with(HUGE, ModelState.DISK, weights(60));
  private final ScriptedRuntime llama =
      new ScriptedRuntime("llama").with(C, ModelState.DISK, weights(20));
  private final SpeedBook speeds = new SpeedBook(100, () -> 1_790_000_000L);
  private final ModelPool pool =
      new ModelPool(SETTINGS, ledger, List.of(mlx, llama), speeds, nanos::get);

  ModelMemoryTest() {
    pool.rescan();
  }

  @Test
  void theLeastRecentlyUsedIdleModelMakesRoomAcrossRuntimes() {
    load(A);
    use(A);
    nanos.addAndGet(Duration.ofMinutes(5).toNanos());
    load(B);
    use(B);
    assertThat(pool.memoryFreeBytes()).isEqualTo(8 * GB);

    load(C);

    assertThat(mlx.moves).containsExactly("load a", "load b", "unload a");
    assertThat(state(A)).isEqualTo(ModelState.DISK);
    assertThat(state(B)).isEqualTo(ModelState.LOADED);
    assertThat(state(C)).isEqualTo(ModelState.LOADED);
    assertThat(pool.memoryFreeBytes()).isEqualTo(8 * GB);
  }

  @Test
  void whatIsUsedOrPinnedStaysAndTheRefusalSaysSo() {
    load(A);
    load(B);
    pool.pin(A, true);
    var lease = pool.acquire(B);

    assertThat(pool.load(C).toCompletableFuture())
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(LoadException.class)
        .withMessageContaining("a (20.0 GB, pinned)")
        .withMessageContaining("b (20.0 GB, in use)");
    assertThat(state(C)).as("tried again when there is room").isEqualTo(ModelState.DISK);
    assertThat(mlx.unloads).hasValue(0);

    lease.close();
    load(C);
    assertThat(state(B)).isEqualTo(ModelState.DISK);
  }

  @Test
  void whatIsPinnedIsUnloadedOnlyOnceItIsFree() {
    load(A);
    pool.pin(A, true);

    assertThat(pool.unload(A).toCompletableFuture())
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(LoadException.class)
        .withMessageContaining("./broke unpin a");
    assertThat(state(A)).isEqualTo(ModelState.LOADED);

    pool.pin(A, false);
    assertThat(pool.unload(A).toCompletableFuture()).isCompleted();
    assertThat(state(A)).isEqualTo(ModelState.DISK);
  }

  @Test
  void oneIdleModelGoesWithEveryLookAtASystemThatIsOutOfMemory() {
    load(A);
    use(A);
    load(B);
    var lease = pool.acquire(B);

    pool.keepTo(machine(Pressure.WARN, 30 * GB));
    assertThat(state(A)).as("being short is no reason to give up").isEqualTo(ModelState.LOADED);

    pool.keepTo(machine(Pressure.CRITICAL, GB));
    pool.keepTo(machine(Pressure.CRITICAL, GB));
    assertThat(state(A)).isEqualTo(ModelState.DISK);
    assertThat(state(B)).as("in use").isEqualTo(ModelState.LOADED);
    assertThat(pool.memoryFreeBytes()).isEqualTo(GB);

    lease.close();
    pool.keepTo(machine(Pressure.NORMAL, 30 * GB));
    assertThat(state(B)).isEqualTo(ModelState.LOADED);
    assertThat(pool.memoryFreeBytes()).isEqualTo(28 * GB);
  }

  @Test
  void nothingIsLoadedIntoMemoryThatOtherProgramsHave() {
    pool.keepTo(machine(Pressure.WARN, 10 * GB));

    assertThat(pool.load(A).toCompletableFuture())
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withMessageContaining("the system has 10.0 GB left");

    pool.keepTo(machine(Pressure.NORMAL, 10 * GB));
    load(A);
    assertThat(state(A)).isEqualTo(ModelState.LOADED);
  }

  @Test
  void warnsOnceModelsFillNearlyAllAndUntilTheyClearlyDoNot() {
    load(A);
    assertThat(pool.keepTo(MachineLoad.UNKNOWN)).isFalse();
    load(B);
    var ledgerGrew = ledger.grow(A, 4 * GB);
    assertThat(ledgerGrew).isTrue();
    assertThat(pool.keepTo(MachineLoad.UNKNOWN)).as("44 of 48 GB").isTrue();
    ledger.shrink(A, 3 * GB);
    assertThat(pool.keepTo(MachineLoad.UNKNOWN)).as("41 of 48 GB, 85 %").isTrue();
    ledger.shrink(A, GB);
    assertThat(pool.keepTo(MachineLoad.UNKNOWN)).as("40 of 48 GB, 83 %").isFalse();
  }

  private static MachineLoad machine(Pressure pressure, long available) {
    return new MachineLoad(pressure, available, null, null, null, null, null, null);
  }

  @Test
  void theLoadBeginsWhenWhatMadeRoomIsGone() {
    load(A);
    load(B);
    var gone = mlx.slowUnload(A);

    var loading = pool.load(C).toCompletableFuture();

    assertThat(state(C)).isEqualTo(ModelState.LOADING);
    assertThat(llama.loads).hasValue(0);
    assertThat(loading).isNotDone();
    gone.complete(null);
    assertThat(loading).isCompleted();
    assertThat(llama.loads).hasValue(1);
  }

  @Test
  void roomThatIsPromisedIsNotPromisedAgain() {
    load(A);
    load(B);
    pool.pin(B, true);
    var gone = mlx.slowUnload(A);
    var first = pool.load(C).toCompletableFuture();

    // A is wanted again while it is on its way out, and must not be promised C's room.
    assertThat(pool.load(A).toCompletableFuture()).isCompletedExceptionally();
    gone.complete(null);

    assertThat(first).isCompleted();
    assertThat(ledger.free()).isEqualTo(8 * GB);
  }

  @Test
  void aModelWantedAgainWhileItLeavesIsLoadedAfterwards() {
    load(A);
    var gone = mlx.slowUnload(A);
    var unloaded = pool.unload(A).toCompletableFuture();
    var again = pool.load(A).toCompletableFuture();
    assertThat(mlx.loads).hasValue(1);

    gone.complete(null);

    assertThat(unloaded).isCompleted();
    assertThat(again).isCompleted();
    assertThat(mlx.moves).containsExactly("load a", "unload a", "load a");
    assertThat(state(A)).isEqualTo(ModelState.LOADED);
  }

  @Test
  void aModelThatNeverFitsIsUnsupportedAndSaysWhy() {
    var huge = pool.model(HUGE).orElseThrow();

    assertThat(huge.state()).isEqualTo(ModelState.UNSUPPORTED);
    assertThat(huge.reason()).contains("60.0 GB weights", "gives models 48.0 GB of 64.0 GB");
    assertThat(pool.load(HUGE).toCompletableFuture())
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withMessageContaining("60.0 GB weights");
  }

  @Test
  void aFailedLoadGivesItsRoomBack() {
    mlx.slowLoad(A).completeExceptionally(new LoadException("broken"));

    assertThat(pool.load(A).toCompletableFuture()).isCompletedExceptionally();

    assertThat(ledger.free()).isEqualTo(48 * GB);
  }

  @Test
  void aServerThatBreaksByItselfIsSeenAtOnceAndGivesItsRoomBack() {
    load(A);
    assertThat(ledger.free()).isEqualTo(28 * GB);

    mlx.changes(A, ModelState.FAILED);

    assertThat(state(A)).isEqualTo(ModelState.FAILED);
    assertThat(ledger.free()).isEqualTo(48 * GB);
  }

  @Test
  void aFullMachineIsNotTakenForOneThatDoesNotKnow() {
    mlx.with(B, ModelState.DISK, weights(28));
    pool.rescan();
    load(A);
    load(B);

    assertThat(pool.memoryFreeBytes()).isEqualTo(1);
  }

  static LongStream seeds() {
    return LongStream.range(0, 40);
  }

  /** Whatever is asked for in whatever order: never over the limit, never a used or pinned one. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theAccountHolds(long seed) {
    var random = new Random(seed);
    var ids = new ArrayList<ModelId>();
    var runtime = new ScriptedRuntime("mlx");
    for (int i = 0; i < 8; i++) {
      var id = ModelId.of("m" + i);
      ids.add(id);
      runtime.with(id, ModelState.DISK, weights(1 + random.nextInt(30)));
    }
    var account = new MemoryLedger(new MemoryLimit(64 * GB, 48 * GB));
    var models = new ModelPool(SETTINGS, account, List.of(runtime), speeds, nanos::get);
    models.rescan();
    var leases = new ArrayList<Lease>();
    var used = new ArrayList<ModelId>();
    for (int step = 0; step < 200; step++) {
      nanos.addAndGet((long) (random.nextDouble() * 60e9));
      var id = ids.get(random.nextInt(ids.size()));
      int before = runtime.moves.size();
      switch (random.nextInt(5)) {
        case 0 -> models.load(id);
        case 1 -> {
          var lease = models.acquire(id);
          leases.add(lease);
          used.add(id);
        }
        case 2 -> {
          if (!leases.isEmpty()) {
            int which = random.nextInt(leases.size());
            leases.remove(which).close();
            used.remove(which);
          }
        }
        case 3 -> models.pin(id, random.nextInt(3) == 0);
        default -> models.rescan();
      }
      assertThat(account.free()).as("step %d", step).isNotNegative();
      for (var move : runtime.moves.subList(before, runtime.moves.size())) {
        if (move.startsWith("unload ")) {
          var gone = ModelId.of(move.substring("unload ".length()));
          assertThat(used).as("step %d", step).doesNotContain(gone);
          assertThat(models.model(gone).orElseThrow().pinned()).isFalse();
        }
      }
    }
    assertThat(runtime.unloads.get()).as("something happened").isPositive();
  }

  private void load(ModelId id) {
    assertThat(pool.load(id).toCompletableFuture()).isCompleted();
    nanos.addAndGet(Duration.ofSeconds(10).toNanos());
  }

  private void use(ModelId id) {
    CompletionStage<Void> ready;
    try (var lease = pool.acquire(id)) {
      ready = lease.ready();
    }
    assertThat(ready.toCompletableFuture()).isCompleted();
  }

  private ModelState state(ModelId id) {
    return pool.model(id).orElseThrow().state();
  }

  private static Footprint weights(long gigabytes) {
    return new Footprint(gigabytes * GB, 0, 0, 0);
  }
}
