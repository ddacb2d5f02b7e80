package org.brokecluster.node.models;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.brokecluster.node.memory.RoomPlan;
import org.brokecluster.node.runtime.LoadException;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.ModelState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How models of the pool come into memory and go out of it. Whoever has to make room goes first:
 * what it held is promised to the newcomer at once, so that nobody else is promised it too, and the
 * newcomer's load begins when it is really gone. Shares the pool's lock; calls runtimes without it.
 */
final class ModelMoves {
  private static final Logger LOG = LoggerFactory.getLogger(ModelMoves.class);

  private final PoolSettings settings;
  private final Object lock;
  private final ModelTable table;
  private final LongSupplier nanoTime;
  private final Runnable changed;
  private final Runnable rescan;

  ModelMoves(
      PoolSettings settings,
      Object lock,
      ModelTable table,
      LongSupplier nanoTime,
      Runnable changed,
      Runnable rescan) {
    this.settings = settings;
    this.lock = lock;
    this.table = table;
    this.nanoTime = nanoTime;
    this.changed = changed;
    this.rescan = rescan;
  }

  /** A load that is to begin, and the models that have to be gone before. */
  private record Start(ModelEntry entry, List<ModelEntry> victims) {}

  CompletionStage<Void> load(ModelId id, Duration keep) {
    Start start;
    CompletableFuture<Void> loading;
    synchronized (lock) {
      var entry = table.get(id);
      if (entry == null) {
        return failed("no runtime here has this model: model=" + id);
      }
      entry.keep(nanoTime.getAsLong(), keep);
      if (entry.state == ModelState.LOADED) {
        return CompletableFuture.completedFuture(null);
      }
      if (entry.loading != null) {
        return entry.loading;
      }
      if (entry.state == ModelState.UNSUPPORTED) {
        return failed(unsupported(id, entry));
      }
      var room = table.room(entry, nanoTime.getAsLong());
      if (room instanceof RoomPlan.Refused refused) {
        return failed(refused.message());
      }
      start = new Start(entry, leave(room));
      loading = begin(entry, room);
    }
    changed.run();
    CompletionStage<Void> cleared = clear(start);
    cleared.whenComplete(
        (gone, failure) -> {
          if (failure == null) {
            run(id, start.entry(), loading);
          } else {
            finish(id, start.entry(), loading, RuntimeCalls.reason(failure), 0);
          }
        });
    return loading;
  }

  private static String unsupported(ModelId id, ModelEntry entry) {
    return entry.reason == null
        ? "no runtime here can serve this model: model=" + id
        : entry.reason;
  }

  /** Takes the models out of the account that have to go. Called with the lock held. */
  private List<ModelEntry> leave(RoomPlan room) {
    var victims = new ArrayList<ModelEntry>();
    if (room instanceof RoomPlan.Fits fits) {
      for (var id : fits.evicted()) {
        var victim = table.get(id);
        if (victim != null && victim.leaving == null) {
          leave(victim);
          victims.add(victim);
        }
      }
    }
    return victims;
  }

  private static void leave(ModelEntry entry) {
    entry.leaving = new CompletableFuture<>();
    entry.state = ModelState.DISK;
    entry.reason = null;
    entry.version++;
  }

  /** Called with the lock held. */
  private CompletableFuture<Void> begin(ModelEntry entry, RoomPlan room) {
    var loading = new CompletableFuture<Void>();
    entry.granted =
        entry.footprint != null && room instanceof RoomPlan.Fits fits ? fits.bytes() : 0;
    entry.loading = loading;
    entry.state = ModelState.LOADING;
    entry.reason = null;
    entry.progress = 0;
    entry.version++;
    table.settle();
    return loading;
  }

  /** Completes when all that have to be gone are gone, an earlier stay of the model included. */
  private CompletableFuture<Void> clear(Start start) {
    var waits = new ArrayList<CompletableFuture<?>>();
    for (var victim : start.victims()) {
      var id = victim.facts.id();
      LOG.info("unloading to make room: model={} for={}", id, start.entry().facts.id());
      waits.add(goNow(id, victim));
    }
    synchronized (lock) {
      if (start.entry().leaving != null) {
        waits.add(start.entry().leaving);
      }
    }
    return CompletableFuture.allOf(waits.toArray(CompletableFuture<?>[]::new));
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
          finish(id, entry, loading, reason, begun);
        });
  }

  private void progress(ModelEntry entry, double share) {
    synchronized (lock) {
      entry.progress = Math.max(0, Math.min(1, share));
    }
    changed.run();
  }

  private void finish(
      ModelId id,
      ModelEntry entry,
      CompletableFuture<Void> loading,
      @Nullable String reason,
      long begun) {
    loaded(entry, begun, reason);
    if (reason == null) {
      loading.complete(null);
    } else {
      LOG.warn("could not load: model={} reason={}", id, reason);
      loading.completeExceptionally(new LoadException(reason));
    }
    rescan.run(); // The runtime may have evicted others to make room.
  }

  private void loaded(ModelEntry entry, long begun, @Nullable String reason) {
    long now = nanoTime.getAsLong();
    // A model that was given less than it wanted keeps to that.
    var footprint = entry.runtime.footprint(entry.facts.id()).orElse(null);
    synchronized (lock) {
      entry.loading = null;
      entry.version++;
      entry.reason = reason;
      entry.loadFailed = reason != null;
      entry.granted = 0;
      entry.footprint = footprint;
      entry.failedNanos = now;
      entry.state = reason == null ? ModelState.LOADED : ModelState.FAILED;
      if (reason == null) {
        double seconds = (now - begun) / (double) TimeUnit.SECONDS.toNanos(1);
        entry.restingNanos = now;
        table.loadTook(entry, seconds);
      }
      table.settle();
    }
    changed.run();
  }

  CompletionStage<Void> unload(ModelId id) {
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
      if (entry.leaving != null) {
        return entry.leaving;
      }
      if (entry.state != ModelState.LOADED && entry.state != ModelState.LOADING) {
        return callUnload(id, entry);
      }
      if (entry.pinned) {
        return failed(
            "model is pinned: model=%s; free it first: ./broke unpin %s".formatted(id, id));
      }
      leave(entry);
    }
    return goNow(id, entry);
  }

  /** A model that is not in memory may still have something to give up: its rest after crashes. */
  private static CompletionStage<Void> callUnload(ModelId id, ModelEntry entry) {
    return RuntimeCalls.call(() -> entry.runtime.unload(id));
  }

  private CompletableFuture<Void> goNow(ModelId id, ModelEntry entry) {
    var unload = RuntimeCalls.call(() -> entry.runtime.unload(id));
    CompletionStage<Void> gone =
        unload.whenComplete((done, failure) -> gone(entry, failure == null));
    return gone.toCompletableFuture();
  }

  private void gone(ModelEntry entry, boolean unloaded) {
    @Nullable CompletableFuture<Void> left;
    synchronized (lock) {
      left = entry.leaving;
      entry.leaving = null;
      entry.version++;
      if (!unloaded && entry.state == ModelState.DISK) {
        entry.state = ModelState.LOADED;
      }
      table.settle();
    }
    if (left != null) {
      left.complete(null);
    }
    changed.run();
    rescan.run();
  }

  private static CompletableFuture<Void> failed(String reason) {
    return CompletableFuture.failedFuture(new LoadException(reason));
  }
}
