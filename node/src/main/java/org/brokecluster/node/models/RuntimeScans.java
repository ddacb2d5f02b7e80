package org.brokecluster.node.models;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.brokecluster.node.memory.Footprint;
import org.brokecluster.node.runtime.ModelRuntime;
import org.brokecluster.node.runtime.RuntimeModel;
import org.brokecluster.protocol.id.ModelId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the runtimes what they have and writes it into the pool's table, one scan at a time. */
final class RuntimeScans {
  private static final Logger LOG = LoggerFactory.getLogger(RuntimeScans.class);

  private final PoolSettings settings;
  private final List<ModelRuntime> runtimes;
  private final ModelTable table;
  private final Object lock;
  private final LongSupplier nanoTime;
  private final Runnable changed;
  private @Nullable CompletableFuture<Void> scan;

  /**
   * With the pool's table and the lock that guards it.
   *
   * @param changed called after each runtime's answer, without the lock
   */
  RuntimeScans(
      PoolSettings settings,
      List<ModelRuntime> runtimes,
      ModelTable table,
      Object lock,
      LongSupplier nanoTime,
      Runnable changed) {
    this.settings = settings;
    this.runtimes = runtimes;
    this.table = table;
    this.lock = lock;
    this.nanoTime = nanoTime;
    this.changed = changed;
  }

  /**
   * Asks every runtime what it has; joins a scan that is under way. Always completes well: a
   * runtime that cannot be asked has its models failed until it can.
   */
  CompletionStage<Void> scan() {
    CompletableFuture<Void> begun;
    synchronized (lock) {
      if (scan != null) {
        return scan;
      }
      begun = new CompletableFuture<>();
      scan = begun;
    }
    var all = runtimes.stream().map(this::scan).toArray(CompletableFuture<?>[]::new);
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

  private CompletableFuture<Void> scan(ModelRuntime runtime) {
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
              changed.run();
              return null;
            });
  }

  private void reached(
      ModelRuntime runtime, List<RuntimeModel> models, Map<ModelId, Integer> versions) {
    var footprints = new HashMap<ModelId, Footprint>();
    for (var model : models) {
      var id = model.facts().id();
      runtime.footprint(id).ifPresent(footprint -> footprints.put(id, footprint));
    }
    boolean again;
    synchronized (lock) {
      again = table.reached(runtime, models, footprints, versions, nanoTime.getAsLong());
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
  void scanAfterChange() {
    CompletionStage<Void> before;
    synchronized (lock) {
      before = scan;
    }
    if (before == null) {
      scan();
    } else {
      before.whenComplete((done, failure) -> scan());
    }
  }
}
