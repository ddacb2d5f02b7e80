package org.brokecluster.node.models;

import java.util.concurrent.CompletableFuture;
import org.brokecluster.node.runtime.ModelRuntime;
import org.brokecluster.node.runtime.RuntimeModel;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.state.ModelFacts;
import org.jspecify.annotations.Nullable;

/** One model of the pool. Guarded by the pool's lock. */
final class ModelEntry {
  final ModelRuntime runtime;
  ModelFacts facts;
  ModelState state;
  @Nullable String reason;
  SpeedMeter meter;
  boolean pinned;

  /** Attempts that use it or wait for its load. */
  int users;

  /** How many streams work on it. */
  final StreamTrace streams = new StreamTrace();

  /** When it was last used or loaded. */
  long usedNanos;

  /** Share of a running load. */
  double progress;

  /** The running load, which everybody who wants the model shares. */
  @Nullable CompletableFuture<Void> loading;

  /** Counts loads and unloads, so that a scan begun before one is not believed after it. */
  int version;

  /** When the last load failed; meaningful in state FAILED after {@link #loadFailed}. */
  long failedNanos;

  boolean loadFailed;

  ModelEntry(ModelRuntime runtime, RuntimeModel model, boolean pinned, SpeedMeter meter, long now) {
    this.runtime = runtime;
    this.facts = model.facts();
    this.state = model.state();
    this.reason = model.reason();
    this.meter = meter;
    this.pinned = pinned;
    this.usedNanos = now;
  }

  ModelStatus status() {
    boolean isLoading = state == ModelState.LOADING;
    return new ModelStatus(
        facts, state, isLoading ? progress : null, reason, pinned, meter.speed());
  }

  IdleUnload.Resident resident() {
    return new IdleUnload.Resident(facts.id(), runtime.supervised(), pinned, users, usedNanos);
  }

  /** Takes what the runtime says, unless this host knows better. */
  void scanned(RuntimeModel model, long now, long retryNanos) {
    facts = model.facts();
    meter = meter.estimated(model.speed());
    if (loading != null) {
      return;
    }
    boolean resting = loadFailed && now - failedNanos < retryNanos;
    if (resting && model.state() != ModelState.LOADED) {
      return;
    }
    loadFailed = false;
    if (state != ModelState.LOADED && model.state() == ModelState.LOADED) {
      usedNanos = now; // Loaded by somebody else, who will want to use it.
    }
    state = model.state();
    reason = model.reason();
  }
}
