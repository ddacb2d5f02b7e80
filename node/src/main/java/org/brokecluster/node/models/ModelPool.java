package org.brokecluster.node.models;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
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
import org.brokecluster.node.runtime.RuntimeModel;
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
  private final Set<Claim> working = new HashSet<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private @Nullable CompletableFuture<Void> scan;

  /**
   * Knows no model before the first {@link #rescan}.
   *
   * @param usableBytes memory that models may take in all, 0 if unknown; asked only where the
   *     runtimes do not account for memory themselves
   */
  public ModelPool(
      PoolSettings settings, long usableBytes, List<ModelRuntime> runtimes, LongSupplier nanoTime) {
    this.settings = settings;
    this.usableBytes = usableBytes;
    this.runtimes = List.copyOf(runtimes);
    this.nanoTime = nanoTime;
    this.table = new ModelTable(settings, this.runtimes);
  }

  /**
   * Asks every runtime what it has; joins a scan that is under way. Always completes well: a
   * runtime that cannot be asked has its models failed until it can.
   */
  public CompletionStage<Void> rescan() {
    CompletableFuture<Void> begun;
    synchronized (lock) {
      if (scan != null) {
        return scan;
      }
      begun = new CompletableFuture<>();
      scan = begun;
    }
    var all = runtimes.stream().map(this::rescan).toArray(CompletableFuture<?>[]::new);
    CompletionStage<Void> every = CompletableFuture.allOf(all);
    every.whenComplete(
        (done, failure) -> {
          synchronized (lock) {
            scan = null;
          }
          begun.complete(null);
        });
    return begun;
  }

  private CompletableFuture<Void> rescan(ModelRuntime runtime) {
    Map<ModelId, Integer> versions;
    synchronized (lock) {
      versions = table.versions();
    }
    return RuntimeCalls.call(runtime::models)
        .orTimeout(settings.scanTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (models, failure) -> {
              if (failure == null) {
                reached(runtime, models, versions);
              } else {
                lost(runtime, "runtime cannot be reached: " + RuntimeCalls.reason(failure));
              }
              changed();
              return null;
            });
  }

  private void reached(
      ModelRuntime runtime, List<RuntimeModel> models, Map<ModelId, Integer> versions) {
    boolean again;
    synchronized (lock) {
      again = table.reached(runtime, models, versions, nanoTime.getAsLong());
    }
    if (again) {
      LOG.info("runtime can be reached again: runtime={}", runtime.name());
    }
  }

  private void lost(ModelRuntime runtime, String reason) {
    boolean first;
    synchronized (lock) {
      first = table.lost(runtime, reason);
    }
    if (first) {
      LOG.warn("{}: runtime={}", reason, runtime.name());
    }
  }

  /** Looks again once a look that began before a change is over. */
  private void rescanAfterChange() {
    CompletionStage<Void> before;
    synchronized (lock) {
      before = scan;
    }
    if (before == null) {
      rescan();
    } else {
      before.whenComplete((done, failure) -> rescan());
    }
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
          rescanAfterChange(); // The runtime may have evicted others to make room.
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
        entry.meter = entry.meter.loaded(seconds, settings.speedWeight());
      }
    }
    changed();
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
    rescanAfterChange();
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
    private boolean shared;
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
        if (!working.isEmpty()) {
          shared = true;
          working.forEach(claim -> claim.shared = true);
        }
        working.add(this);
      }
      return entry.runtime.start(prompt, listener);
    }

    @Override
    public void measured(Measurement measurement) {
      synchronized (lock) {
        if (shared || entry == null) {
          return;
        }
        entry.meter = entry.meter.after(measurement, settings.speedWeight());
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
        working.remove(this);
      }
    }
  }
}
