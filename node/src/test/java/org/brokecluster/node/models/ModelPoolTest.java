package org.brokecluster.node.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleConsumer;
import org.brokecluster.node.ScriptedRuntime;
import org.brokecluster.node.memory.Footprint;
import org.brokecluster.node.memory.MemoryLedger;
import org.brokecluster.node.memory.MemoryLimit;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.node.runtime.LoadException;
import org.brokecluster.node.runtime.ModelRuntime;
import org.brokecluster.node.runtime.Prompt;
import org.brokecluster.node.runtime.RuntimeModel;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.shared.config.SettingsReader;
import org.junit.jupiter.api.Test;

class ModelPoolTest {
  private static final ModelId HOT = ModelId.of("hot");
  private static final ModelId COLD = ModelId.of("cold");
  private static final PoolSettings SETTINGS =
      PoolSettings.from(new SettingsReader(ConfigFactory.load()));

  private final AtomicLong nanos = new AtomicLong();
  private final ScriptedRuntime runtime =
      new ScriptedRuntime("first").with(HOT, ModelState.LOADED, 2).with(COLD, ModelState.DISK, 1);
  private final ScriptedRuntime second = new ScriptedRuntime("second");
  private final SpeedBook speeds = new SpeedBook(100, () -> 1_790_000_000L);
  private final ModelPool pool =
      new ModelPool(SETTINGS, ledger(5L << 30), List.of(runtime, second), speeds, nanos::get);

  ModelPoolTest() {
    pool.rescan();
  }

  @Test
  void knowsWhatTheRuntimesHave() {
    assertThat(pool.models()).extracting(model -> model.facts().id()).containsExactly(COLD, HOT);
    assertThat(pool.model(HOT)).hasValueSatisfying(model -> assertThat(model.slots()).isEqualTo(2));
    assertThat(pool.model(ModelId.of("nothing"))).isEmpty();

    runtime.without(COLD);
    second.with(ModelId.of("new"), ModelState.DISK, 1);
    pool.rescan();

    assertThat(pool.models())
        .extracting(model -> model.facts().id().value())
        .containsExactly("hot", "new");
  }

  @Test
  void aModelThatTwoRuntimesHaveBelongsToTheFirst() {
    second.with(HOT, ModelState.LOADED, 9);
    second.with(ModelId.of("x"), ModelState.DISK, 7);
    pool.rescan();
    runtime.with(ModelId.of("x"), ModelState.DISK, 3);
    pool.rescan();

    assertThat(pool.model(HOT).orElseThrow().facts().runtime()).isEqualTo("first");
    assertThat(pool.model(ModelId.of("x")).orElseThrow().facts().runtime()).isEqualTo("first");
  }

  @Test
  void modelsOfAnUnreachableRuntimeAreOutOfServiceUntilItComesBack() {
    runtime.reachable = false;
    pool.rescan();

    var hot = pool.model(HOT).orElseThrow();
    assertThat(hot.state()).isEqualTo(ModelState.FAILED);
    assertThat(hot.slots()).isZero();
    assertThat(hot.reason()).contains("cannot be reached", "connection refused");

    runtime.reachable = true;
    pool.rescan();
    assertThat(pool.model(HOT).orElseThrow().state()).isEqualTo(ModelState.LOADED);
    assertThat(pool.model(HOT).orElseThrow().reason()).isNull();
  }

  @Test
  void loadsOnceForAnyNumberOfWaiters() {
    var load = runtime.slowLoad(COLD);
    var waiters = List.of(pool.acquire(COLD), pool.acquire(COLD), pool.acquire(COLD));
    var alone = pool.load(COLD);
    runtime.progress(0.5);
    pool.rescan();

    var loading = pool.model(COLD).orElseThrow();
    assertThat(loading.state()).isEqualTo(ModelState.LOADING);
    assertThat(loading.progress()).isEqualTo(0.5);
    assertThat(loading.slots()).isEqualTo(1);

    nanos.addAndGet(Duration.ofSeconds(20).toNanos());
    load.complete(null);

    assertThat(runtime.loads).hasValue(1);
    assertThat(waiters).allMatch(lease -> isDone(lease.ready()));
    assertThat(isDone(alone)).isTrue();
    assertThat(pool.model(COLD).orElseThrow().state()).isEqualTo(ModelState.LOADED);
    assertThat(pool.model(COLD).orElseThrow().speed().loadSeconds()).isEqualTo(15);
  }

  private static MemoryLedger ledger(long bytes) {
    return new MemoryLedger(new MemoryLimit(bytes, bytes));
  }

  private static boolean isDone(CompletionStage<Void> stage) {
    var future = stage.toCompletableFuture();
    return future.isDone() && !future.isCompletedExceptionally();
  }

  @Test
  void aModelThatCannotBeLoadedRestsForAWhile() {
    var load = runtime.slowLoad(COLD);
    var lease = pool.acquire(COLD);
    load.completeExceptionally(new LoadException("does not fit"));

    assertThat(lease.ready().toCompletableFuture())
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withMessageContaining("does not fit");
    pool.rescan();
    assertThat(pool.model(COLD).orElseThrow().state()).isEqualTo(ModelState.FAILED);
    assertThat(pool.model(COLD).orElseThrow().reason()).contains("does not fit");

    nanos.addAndGet(SETTINGS.loadRetry().toNanos());
    pool.rescan();
    assertThat(pool.model(COLD).orElseThrow().state()).isEqualTo(ModelState.DISK);
  }

  @Test
  void aLookThatBeganBeforeALoadIsNotBelievedAfterIt() {
    var slow = new SlowScan();
    var slowPool = new ModelPool(SETTINGS, ledger(0), List.of(slow), speeds, nanos::get);
    slowPool.rescan();
    slow.tell(COLD, ModelState.DISK);
    slowPool.rescan();

    slowPool.load(COLD);
    slow.tell(COLD, ModelState.DISK);

    assertThat(slowPool.model(COLD).orElseThrow().state()).isEqualTo(ModelState.LOADED);
    // The look that follows every load is believed.
    slow.tell(COLD, ModelState.DISK);
    assertThat(slowPool.model(COLD).orElseThrow().state()).isEqualTo(ModelState.DISK);
  }

  @Test
  void looksAgainAfterALoadSinceTheRuntimeMayHaveEvictedOthers() {
    var load = runtime.slowLoad(COLD);
    pool.load(COLD);

    runtime.with(HOT, ModelState.DISK, 2);
    load.complete(null);

    assertThat(pool.model(HOT).orElseThrow().state()).isEqualTo(ModelState.DISK);
  }

  @Test
  void unloadsOnlyWhatNobodyUses() {
    var lease = pool.acquire(HOT);
    assertThat(pool.unload(HOT).toCompletableFuture()).isCompletedExceptionally();

    lease.close();
    lease.close();
    assertThat(pool.unload(HOT).toCompletableFuture()).isCompleted();

    assertThat(runtime.unloads).hasValue(1);
    assertThat(pool.model(HOT).orElseThrow().state()).isEqualTo(ModelState.DISK);
  }

  @Test
  void aPinIsKeptWhileItsModelIsAway() {
    assertThat(pool.pin(HOT, true)).isTrue();
    assertThat(pool.pin(ModelId.of("nothing"), true)).isFalse();
    runtime.without(HOT);
    pool.rescan();
    runtime.with(HOT, ModelState.LOADED, 2);
    pool.rescan();

    assertThat(pool.model(HOT).orElseThrow().pinned()).isTrue();
  }

  @Test
  void memoryIsWhatLoadedModelsLeave() {
    assertThat(pool.memoryFreeBytes()).isEqualTo(3L << 30);
    pool.load(COLD);
    assertThat(pool.memoryFreeBytes()).isEqualTo(1L << 30);
  }

  @Test
  void takesAModelOutOfMemoryThatNobodyHasUsedForLong() {
    runtime.with(HOT, ModelState.LOADED, new Footprint(1L << 20, 0, 0, 0));
    pool.rescan();
    long timeout = SETTINGS.unloadTimeout().toNanos();
    var lease = pool.acquire(HOT);
    nanos.addAndGet(2 * timeout);
    pool.unloadIdle();
    assertThat(runtime.unloads).as("in use").hasValue(0);

    lease.close();
    nanos.addAndGet(timeout - 1);
    pool.unloadIdle();
    assertThat(runtime.unloads).as("just used").hasValue(0);

    nanos.addAndGet(1);
    pool.unloadIdle();
    assertThat(runtime.unloads).hasValue(1);
    assertThat(pool.model(HOT).orElseThrow().state()).isEqualTo(ModelState.DISK);
  }

  @Test
  void keepsWhatIsWantedSoonAlthoughNobodyUsesItYet() {
    runtime.with(HOT, ModelState.LOADED, new Footprint(1L << 20, 0, 0, 0));
    pool.rescan();
    long timeout = SETTINGS.unloadTimeout().toNanos();
    pool.load(HOT, Duration.ofNanos(3 * timeout));

    nanos.addAndGet(4 * timeout - 1);
    pool.unloadIdle();
    assertThat(runtime.unloads).as("kept for its time, and then as any other").hasValue(0);

    nanos.addAndGet(1);
    pool.unloadIdle();
    assertThat(runtime.unloads).hasValue(1);
  }

  @Test
  void tellsOfEveryChangeUntilToldNotTo() {
    var changes = new AtomicInteger();
    var subscription = pool.listen(changes::incrementAndGet);
    pool.pin(HOT, true);
    assertThat(changes).hasValue(1);

    subscription.close();
    pool.pin(HOT, false);
    assertThat(changes).hasValue(1);
  }

  @Test
  void closesItsRuntimes() {
    pool.close();

    assertThat(runtime.closed).isTrue();
    assertThat(second.closed).isTrue();
  }

  /** Tells its models only when the test says so. */
  private static final class SlowScan implements ModelRuntime {
    private final ArrayDeque<CompletableFuture<List<RuntimeModel>>> scans = new ArrayDeque<>();

    void tell(ModelId id, ModelState state) {
      var told = new ScriptedRuntime("slow").with(id, state, 1);
      scans.remove().complete(told.models().toCompletableFuture().join());
    }

    @Override
    public String name() {
      return "slow";
    }

    @Override
    public CompletionStage<List<RuntimeModel>> models() {
      var scan = new CompletableFuture<List<RuntimeModel>>();
      scans.add(scan);
      return scan;
    }

    @Override
    public CompletionStage<Void> load(ModelId model, DoubleConsumer progress) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> unload(ModelId model) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public Generation start(Prompt prompt, GenerationListener listener) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Void> close() {
      return CompletableFuture.completedFuture(null);
    }
  }
}
