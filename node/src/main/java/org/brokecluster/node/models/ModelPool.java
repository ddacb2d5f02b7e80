package org.brokecluster.node.models;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.brokecluster.node.memory.Gigabytes;
import org.brokecluster.node.memory.MemoryLedger;
import org.brokecluster.node.memory.MemoryWatch;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.node.runtime.ModelRuntime;
import org.brokecluster.node.runtime.Prompt;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.state.MachineLoad;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All models of all runtimes of this host. Lives as long as the host, so that models stay loaded
 * and speeds stay known when a membership is replaced.
 *
 * <p>Thread safe; never blocks, and calls runtimes and listeners without holding its lock.
 */
public final class ModelPool {
  private static final Logger LOG = LoggerFactory.getLogger(ModelPool.class);

  private final MemoryLedger ledger;
  private final List<ModelRuntime> runtimes;
  private final LongSupplier nanoTime;
  private final Object lock = new Object();
  private final ModelTable table;
  private final ModelMoves moves;
  private final RuntimeScans scans;
  private final double warning;
  private volatile boolean nearlyFull;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /**
   * Knows no model before the first {@link #rescan}.
   *
   * @param ledger the account of the machine's memory that the runtimes use as well
   * @param speeds what is known of speeds from earlier; learns what is measured
   */
  public ModelPool(
      PoolSettings settings,
      MemoryLedger ledger,
      List<ModelRuntime> runtimes,
      SpeedBook speeds,
      LongSupplier nanoTime) {
    this.ledger = ledger;
    this.warning = settings.memoryWarning();
    this.runtimes = List.copyOf(runtimes);
    this.nanoTime = nanoTime;
    this.table = new ModelTable(settings, ledger, this.runtimes, speeds);
    this.scans = new RuntimeScans(settings, this.runtimes, table, lock, nanoTime, this::changed);
    this.moves =
        new ModelMoves(settings, lock, table, nanoTime, this::changed, scans::scanAfterChange);
    this.runtimes.forEach(runtime -> runtime.onChange(scans::scanAfterChange));
  }

  /**
   * Asks every runtime what it has; joins a scan that is under way. Always completes well: a
   * runtime that cannot be asked has its models failed until it can.
   */
  public CompletionStage<Void> rescan() {
    return scans.scan();
  }

  /** Every model, by name. */
  public List<ModelStatus> models() {
    synchronized (lock) {
      return table.statuses();
    }
  }

  /** One model, or nothing if no runtime has it. */
  public Optional<ModelStatus> model(ModelId id) {
    synchronized (lock) {
      return Optional.ofNullable(table.get(id)).map(ModelEntry::status);
    }
  }

  /** Memory a further model could take, in bytes: at least 1 if known at all, 0 if unknown. */
  public long memoryFreeBytes() {
    var told =
        runtimes.stream()
            .map(ModelRuntime::memoryFreeBytes)
            .flatMapToLong(OptionalLong::stream)
            .min();
    if (told.isPresent()) {
      return Math.max(0, told.getAsLong());
    }
    return ledger.limit().known() ? Math.max(1, ledger.free()) : 0;
  }

  /**
   * Lets every runtime that can work at a share of its usual speed, 0 to 1.
   *
   * @return whether any can
   */
  public boolean pace(double share) {
    boolean any = false;
    for (var runtime : runtimes) {
      any |= runtime.pace(share);
    }
    return any;
  }

  /** Claims a model for an attempt, and loads it if it is not loaded. */
  public Lease acquire(ModelId id) {
    var claim = new Claim(id, entry(id));
    claim.ready = load(id);
    return claim;
  }

  private @Nullable ModelEntry entry(ModelId id) {
    synchronized (lock) {
      var entry = table.get(id);
      if (entry != null) {
        entry.used(nanoTime.getAsLong());
      }
      return entry;
    }
  }

  /**
   * Loads a model; at once if it is loaded. However many ask, it is loaded once. Idle models that
   * are not pinned make room, the least valuable first; fails with the arithmetic if they cannot.
   */
  public CompletionStage<Void> load(ModelId id) {
    return load(id, Duration.ZERO);
  }

  /**
   * The same for a model that is wanted soon.
   *
   * @param keep how long it is not taken out for having been idle
   */
  public CompletionStage<Void> load(ModelId id, Duration keep) {
    return moves.load(id, keep);
  }

  /** Takes a model out of memory; fails if an attempt uses it or it is pinned. */
  public CompletionStage<Void> unload(ModelId id) {
    return moves.unload(id);
  }

  /** Takes models out of memory that have been idle for too long; to be called now and then. */
  public void unloadIdle() {
    List<ModelId> due;
    synchronized (lock) {
      due = table.idle(nanoTime.getAsLong());
    }
    due.forEach(id -> unloadQuietly(id, "it was idle for long"));
  }

  private void unloadQuietly(ModelId id, String why) {
    LOG.info("unloading a model: model={} reason={}", id, why);
    unload(id)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LOG.warn("could not unload a model: model={} reason={}", id, why, failure);
              }
            });
  }

  /**
   * Keeps to what the machine can give; to be called after every look at it. Nothing new is loaded
   * into memory that other programs have taken, and where the system is about to end programs the
   * idle model that is least worth keeping goes.
   *
   * @return whether models fill nearly all that they may take
   */
  public boolean keepTo(MachineLoad machine) {
    var watch = MemoryWatch.of(machine, ledger, warning, nearlyFull);
    ledger.available(watch.available());
    if (watch.giveUp()) {
      giveUpOne();
    }
    if (watch.warn() != nearlyFull) {
      nearlyFull = watch.warn();
      if (nearlyFull) {
        LOG.warn(
            "models fill nearly all the memory they may take: taken={} limit={}; see ./broke models,"
                + " broke.node.max-memory",
            Gigabytes.of(ledger.taken()),
            Gigabytes.of(ledger.limit().bytes()));
      }
      changed();
    }
    return nearlyFull;
  }

  private void giveUpOne() {
    Optional<ModelId> victim;
    synchronized (lock) {
      victim = table.leastValuable(nanoTime.getAsLong());
    }
    victim.ifPresent(id -> unloadQuietly(id, "the system is out of memory"));
  }

  /** Whether models fill nearly all that they may take. */
  public boolean nearlyFull() {
    return nearlyFull;
  }

  /** Uses figures that the book has adopted, for models of which nothing was measured here. */
  public void speedsAdopted() {
    synchronized (lock) {
      table.speedsAdopted();
    }
    changed();
  }

  /**
   * Keeps a model from being evicted, or no longer.
   *
   * @return whether a runtime here has the model
   */
  public boolean pin(ModelId id, boolean pinned) {
    ModelEntry entry;
    synchronized (lock) {
      entry = table.get(id);
      if (entry == null) {
        return false;
      }
      table.pin(entry, pinned);
    }
    entry.runtime.pin(id, pinned);
    changed();
    return true;
  }

  /**
   * Calls the listener after every change, from any thread, until the result is closed.
   *
   * @param listener never blocks
   */
  public Subscription listen(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Ends what {@link #listen} began. */
  @FunctionalInterface
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  /** Ends every generation and closes every runtime. */
  public CompletionStage<Void> close() {
    return CompletableFuture.allOf(
        runtimes.stream()
            .map(runtime -> RuntimeCalls.call(runtime::close))
            .toArray(CompletableFuture<?>[]::new));
  }

  private void changed() {
    listeners.forEach(Runnable::run);
  }

  /** An attempt's claim; its mutable parts are guarded by the pool's lock. */
  private final class Claim implements Lease {
    private final ModelId id;
    private final @Nullable ModelEntry entry;
    private CompletionStage<Void> ready = CompletableFuture.completedFuture(null);
    private long startedNanos;
    private boolean timed;
    private boolean working;
    private boolean closed;

    private Claim(ModelId id, @Nullable ModelEntry entry) {
      this.id = id;
      this.entry = entry;
    }

    @Override
    public CompletionStage<Void> ready() {
      return ready;
    }

    @Override
    public Generation start(Prompt prompt, GenerationListener listener) {
      if (entry == null) {
        throw new IllegalStateException("started without its model: model=" + id);
      }
      synchronized (lock) {
        startedNanos = nanoTime.getAsLong();
        timed = !listener.keepsBack();
        working = true;
        table.works(entry, true, startedNanos);
      }
      return entry.runtime.start(prompt, listener);
    }

    @Override
    public void measured(Measurement measurement) {
      synchronized (lock) {
        if (!working || !timed || entry == null) {
          return;
        }
        table.measured(entry, measurement, startedNanos, nanoTime.getAsLong());
      }
      changed();
    }

    @Override
    public void close() {
      synchronized (lock) {
        if (closed || entry == null) {
          return;
        }
        closed = true;
        long now = nanoTime.getAsLong();
        entry.released(now);
        if (working) {
          table.works(entry, false, now);
        }
      }
    }
  }
}
