package org.brokecluster.node.models;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.node.runtime.LoadException;
import org.brokecluster.node.runtime.ModelRuntime;
import org.brokecluster.node.runtime.Prompt;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.ModelState;
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

  private final PoolSettings settings;
  private final long usableBytes;
  private final List<ModelRuntime> runtimes;
  private final LongSupplier nanoTime;
  private final Object lock = new Object();
  private final ModelTable table;
  private final SpeedBook speeds;
  private final Workload workload = new Workload();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final RuntimeScans scans;

  /**
   * Knows no model before the first {@link #rescan}.
   *
   * @param usableBytes memory that models may take in all, 0 if unknown; asked only where the
   *     runtimes do not account for memory themselves
   * @param speeds what is known of speeds from earlier; learns what is measured
   */
  public ModelPool(
      PoolSettings settings,
      long usableBytes,
      List<ModelRuntime> runtimes,
      SpeedBook speeds,
      LongSupplier nanoTime) {
    this.settings = settings;
    this.usableBytes = usableBytes;
    this.runtimes = List.copyOf(runtimes);
    this.speeds = speeds;
    this.nanoTime = nanoTime;
    this.table = new ModelTable(settings, this.runtimes, speeds);
    this.scans = new RuntimeScans(settings, this.runtimes, table, lock, nanoTime, this::changed);
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

  /** Memory a further model could take, in bytes; 0 if unknown or none. */
  public long memoryFreeBytes() {
    var told =
        runtimes.stream()
            .map(ModelRuntime::memoryFreeBytes)
            .flatMapToLong(OptionalLong::stream)
            .min();
    if (told.isPresent()) {
      return Math.max(0, told.getAsLong());
    }
    synchronized (lock) {
      return Math.max(0, usableBytes - table.residentBytes());
    }
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
        entry.users++;
      }
      return entry;
    }
  }

  /** Loads a model; at once if it is loaded. However many ask, it is loaded once. */
  public CompletionStage<Void> load(ModelId id) {
    ModelEntry entry;
    CompletableFuture<Void> loading;
    synchronized (lock) {
      entry = table.get(id);
      if (entry == null) {
        return failed("no runtime here has this model: model=" + id);
      }
      if (entry.state == ModelState.LOADED) {
        return CompletableFuture.completedFuture(null);
      }
      if (entry.loading != null) {
        return entry.loading;
      }
      if (entry.state == ModelState.UNSUPPORTED) {
        return failed("no runtime here can serve this model: model=" + id);
      }
      loading = new CompletableFuture<>();
      entry.loading = loading;
      entry.state = ModelState.LOADING;
      entry.reason = null;
      entry.progress = 0;
      entry.version++;
    }
    changed();
    run(id, entry, loading);
    return loading;
  }

  private void run(ModelId id, ModelEntry entry, CompletableFuture<Void> loading) {
    long begun = nanoTime.getAsLong();
    LOG.info("loading: model={} runtime={}", id, entry.runtime.name());
    CompletionStage<Void> load =
        RuntimeCalls.call(() -> entry.runtime.load(id, share -> progress(entry, share)))
            .orTimeout(settings.loadTimeout().toMillis(), TimeUnit.MILLISECONDS);
    load.whenComplete(
        (done, failure) -> {
          var reason = failure == null ? null : RuntimeCalls.reason(failure);
          loaded(entry, begun, reason);
          if (reason == null) {
            loading.complete(null);
          } else {
            LOG.warn("could not load: model={} reason={}", id, reason);
            loading.completeExceptionally(new LoadException(reason));
          }
          scans.scanAfterChange(); // The runtime may have evicted others to make room.
        });
  }

  private void progress(ModelEntry entry, double share) {
    synchronized (lock) {
      entry.progress = Math.max(0, Math.min(1, share));
    }
    changed();
  }

  private void loaded(ModelEntry entry, long begun, @Nullable String reason) {
    long now = nanoTime.getAsLong();
    synchronized (lock) {
      entry.loading = null;
      entry.version++;
      entry.reason = reason;
      entry.loadFailed = reason != null;
      entry.failedNanos = now;
      entry.state = reason == null ? ModelState.LOADED : ModelState.FAILED;
      if (reason == null) {
        double seconds = (now - begun) / (double) TimeUnit.SECONDS.toNanos(1);
        entry.usedNanos = now;
        learned(entry, entry.meter.loaded(seconds, settings.speedWeight(), speeds.now()));
      }
    }
    changed();
  }

  private void learned(ModelEntry entry, SpeedMeter meter) {
    if (!meter.equals(entry.meter)) {
      entry.meter = meter;
      speeds.learned(entry.runtime.name(), entry.facts, meter);
    }
  }

  /** Uses figures that the book has adopted, for models of which nothing was measured here. */
  public void speedsAdopted() {
    synchronized (lock) {
      table.speedsAdopted();
    }
    changed();
  }

  /** Takes models out of memory that have been idle for too long; to be called now and then. */
  public void unloadIdle() {
    List<ModelId> due;
    synchronized (lock) {
      due = table.idle(nanoTime.getAsLong());
    }
    for (var id : due) {
      unload(id)
          .whenComplete(
              (done, failure) -> {
                if (failure == null) {
                  LOG.info("unloaded after being idle: model={}", id);
                } else {
                  LOG.warn("could not unload an idle model: model={}", id, failure);
                }
              });
    }
  }

  /** Takes a model out of memory; fails if an attempt uses it. */
  public CompletionStage<Void> unload(ModelId id) {
    ModelEntry entry;
    synchronized (lock) {
      entry = table.get(id);
      if (entry == null) {
        return failed("no runtime here has this model: model=" + id);
      }
      if (entry.users > 0 || entry.loading != null) {
        return failed(
            "model is in use: model=%s attempts=%d; try again later, or drain the node first"
                .formatted(id, entry.users));
      }
      entry.version++;
    }
    return RuntimeCalls.call(() -> entry.runtime.unload(id)).thenCompose(done -> unloaded(entry));
  }

  private CompletionStage<Void> unloaded(ModelEntry entry) {
    synchronized (lock) {
      entry.version++;
      if (entry.state == ModelState.LOADED) {
        entry.state = ModelState.DISK;
      }
    }
    changed();
    scans.scanAfterChange();
    return CompletableFuture.completedFuture(null);
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

  private static CompletableFuture<Void> failed(String reason) {
    return CompletableFuture.failedFuture(new LoadException(reason));
  }

  /** An attempt's claim; its mutable parts are guarded by the pool's lock. */
  private final class Claim implements Lease {
    private final ModelId id;
    private final @Nullable ModelEntry entry;
    private CompletionStage<Void> ready = CompletableFuture.completedFuture(null);
    private long startedNanos;
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
        working = true;
        workload.started(entry, startedNanos);
      }
      return entry.runtime.start(prompt, listener);
    }

    @Override
    public void measured(Measurement measurement) {
      synchronized (lock) {
        if (!working || entry == null) {
          return;
        }
        double weight = settings.speedWeight();
        long now = nanoTime.getAsLong();
        learned(entry, workload.after(entry, measurement, startedNanos, now, weight, speeds.now()));
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
        entry.users--;
        entry.usedNanos = nanoTime.getAsLong();
        if (working) {
          workload.ended(entry, entry.usedNanos);
        }
      }
    }
  }
}
