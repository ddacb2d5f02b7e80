package org.brokecluster.node.models;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.brokecluster.node.memory.Footprint;
import org.brokecluster.node.memory.Resident;
import org.brokecluster.node.runtime.ModelRuntime;
import org.brokecluster.node.runtime.RuntimeModel;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.state.ModelFacts;
import org.jspecify.annotations.Nullable;

/** One model of the pool. Guarded by the pool's lock. */
final class ModelEntry {
  /** Uses count half as much after this time. */
  private static final double DEMAND_HALF_LIFE_SECONDS = 900;

  private static final int REASON_MAX = 240;
  private static final double NANO = TimeUnit.SECONDS.toNanos(1);

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

  /** When it was last used or loaded: since then it rests, unless it has users. */
  long restingNanos;

  /** Until when it is not taken out for having been idle; null if it was never asked to be kept. */
  private @Nullable Long keptUntilNanos;

  /** Share of a running load. */
  double progress;

  /** The running load, which everybody who wants the model shares. */
  @Nullable CompletableFuture<Void> loading;

  /** Counts loads and unloads, so that a scan begun before one is not believed after it. */
  int version;

  /** When the last load failed; meaningful in state FAILED after {@link #loadFailed}. */
  long failedNanos;

  boolean loadFailed;

  /** What it holds of the machine's memory when loaded; null where its runtime sees to that. */
  @Nullable Footprint footprint;

  /** What it was given for its load under way, 0 if none is. */
  long granted;

  /** The end of its stay in memory, while that is under way. */
  @Nullable CompletableFuture<Void> leaving;

  private boolean everUsed;
  private long wantedNanos;
  private double demand;

  ModelEntry(ModelRuntime runtime, RuntimeModel model, boolean pinned, SpeedMeter meter, long now) {
    this.runtime = runtime;
    this.facts = model.facts();
    this.state = model.state();
    this.reason = model.reason();
    this.meter = meter;
    this.pinned = pinned;
    this.restingNanos = now;
  }

  ModelStatus status() {
    boolean isLoading = state == ModelState.LOADING;
    return new ModelStatus(
        facts, state, isLoading ? progress : null, shortReason(), pinned, meter.speed());
  }

  /** All members hear it again and again, so it is kept short; who asks for a load hears it all. */
  private @Nullable String shortReason() {
    var full = reason;
    return full == null || full.length() <= REASON_MAX ? full : full.substring(0, REASON_MAX) + "…";
  }

  /** It is wanted in a while, and shall be there then. */
  void keep(long now, Duration time) {
    if (!time.isZero()) {
      keptUntilNanos = now + time.toNanos();
    }
  }

  /** An attempt wants it. */
  void used(long now) {
    demand = demand(now) + 1;
    wantedNanos = now;
    restingNanos = now;
    everUsed = true;
    users++;
  }

  /** An attempt that wanted it is over. */
  void released(long now) {
    restingNanos = now;
    users--;
  }

  private double idleSeconds(long now) {
    return everUsed ? Math.max(0, now - restingNanos) / NANO : Double.MAX_VALUE;
  }

  private double demand(long now) {
    double seconds = Math.max(0, now - wantedNanos) / NANO;
    return everUsed ? demand * Math.pow(0.5, seconds / DEMAND_HALF_LIFE_SECONDS) : 0;
  }

  /** Whether it is in memory, on its way there, and here to stay. */
  boolean resident() {
    return leaving == null && (state == ModelState.LOADED || state == ModelState.LOADING);
  }

  /** Bytes it holds; 0 where that is not known. */
  long bytes() {
    if (footprint != null) {
      return granted > 0 ? granted : footprint.bytes();
    }
    var told = facts.residentBytes();
    var known = told == null ? facts.bytes() : told;
    return known == null ? 0 : known;
  }

  /** The entry as the memory's budget sees it. */
  Resident asResident(long grown, long now) {
    return new Resident(
        facts.id(),
        bytes() + grown,
        pinned,
        loading == null ? users : users + 1,
        footprint != null,
        idleSeconds(now),
        demand(now),
        meter.speed().loadSeconds());
  }

  /** The entry as it is looked at for having been idle; this node owns what it accounts for. */
  IdleUnload.Idler asIdler() {
    var kept = keptUntilNanos;
    long resting = kept == null || kept - restingNanos < 0 ? restingNanos : kept;
    return new IdleUnload.Idler(facts.id(), footprint != null, pinned, users, resting);
  }

  /** Takes what the runtime says, unless this host knows better. */
  void scanned(RuntimeModel model, long now, long retryNanos) {
    facts = model.facts();
    meter = meter.estimated(model.speed());
    if (loading != null || leaving != null) {
      return;
    }
    if (model.state() == ModelState.LOADING && state != ModelState.LOADING) {
      progress = 0;
    }
    boolean resting = loadFailed && now - failedNanos < retryNanos;
    if (resting && model.state() != ModelState.LOADED) {
      return;
    }
    loadFailed = false;
    if (state != ModelState.LOADED && model.state() == ModelState.LOADED) {
      restingNanos = now; // Loaded by somebody else, who will want to use it.
    }
    state = model.state();
    reason = model.reason();
  }
}
