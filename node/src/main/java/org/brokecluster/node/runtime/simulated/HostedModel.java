package org.brokecluster.node.runtime.simulated;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.DoubleConsumer;
import org.brokecluster.node.runtime.RuntimeModel;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.shared.hardware.Chip;
import org.brokecluster.shared.hardware.SpeedEstimate;
import org.jspecify.annotations.Nullable;

/** A model on the simulated machine, in memory or on disk. Only the clock's thread touches it. */
final class HostedModel {
  private final SimulatedModel spec;
  private final SpeedEstimate speed;
  private final long residentBytes;
  private final int prefixBlocks;
  private final List<SimulatedGeneration> running = new ArrayList<>();
  private final Deque<SimulatedGeneration> waiting = new ArrayDeque<>();
  private ModelState state = ModelState.DISK;
  private PrefixCache prefixes;
  private @Nullable String reason;
  private @Nullable Load load;
  private boolean pinned;
  private long lastUsed;

  HostedModel(SimulatedModel spec, Chip chip, SimulatedSettings settings) {
    this.spec = spec;
    this.speed = SpeedEstimate.of(chip, spec.size());
    this.residentBytes = spec.residentBytes(settings.kvTokensPerSlot());
    this.prefixBlocks = settings.prefixBlocks();
    this.prefixes = new PrefixCache(prefixBlocks);
  }

  SimulatedModel spec() {
    return spec;
  }

  SpeedEstimate speed() {
    return speed;
  }

  long residentBytes() {
    return residentBytes;
  }

  ModelState state() {
    return state;
  }

  boolean inMemory() {
    return state == ModelState.LOADED || state == ModelState.LOADING;
  }

  boolean busy() {
    return state == ModelState.LOADING || !running.isEmpty() || !waiting.isEmpty();
  }

  boolean pinned() {
    return pinned;
  }

  void pin(boolean on) {
    pinned = on;
  }

  long lastUsed() {
    return lastUsed;
  }

  void used(long turn) {
    lastUsed = turn;
  }

  PrefixCache prefixes() {
    return prefixes;
  }

  List<SimulatedGeneration> running() {
    return List.copyOf(running);
  }

  int prefilling() {
    return (int) running.stream().filter(SimulatedGeneration::prefilling).count();
  }

  int decoding() {
    return (int) running.stream().filter(SimulatedGeneration::decoding).count();
  }

  /** Gives an answer a slot, or a place behind those that wait for one. */
  void add(SimulatedGeneration generation) {
    if (running.size() < spec.slots()) {
      running.add(generation);
    } else {
      waiting.addLast(generation);
    }
  }

  /** Takes an answer out; whoever waits longest gets its slot. */
  void remove(SimulatedGeneration generation) {
    waiting.remove(generation);
    if (running.remove(generation)) {
      while (running.size() < spec.slots() && !waiting.isEmpty()) {
        running.add(waiting.removeFirst());
      }
    }
  }

  @Nullable Load load() {
    return load;
  }

  void unsupported(String why) {
    state = ModelState.UNSUPPORTED;
    reason = why;
  }

  void startLoad(Load started) {
    state = ModelState.LOADING;
    reason = null;
    load = started;
  }

  void loaded() {
    state = ModelState.LOADED;
    reason = null;
    load = null;
  }

  void loadFailed(String why) {
    state = ModelState.FAILED;
    reason = why;
    load = null;
  }

  void unloaded() {
    state = ModelState.DISK;
    reason = null;
    prefixes = new PrefixCache(prefixBlocks);
  }

  /** What the node is told; speeds are in real time. */
  RuntimeModel describe(double timeScale) {
    var real =
        new Speed(
            speed.prefillTokensPerSecond() * timeScale,
            speed.decodeTokensPerSecond() * timeScale,
            speed.loadSeconds() / timeScale,
            false);
    return new RuntimeModel(spec.facts(), state, real, reason);
  }

  /** A load under way. */
  static final class Load {
    private final double total;
    private final boolean breaks;
    private final List<CompletableFuture<Void>> waiters = new ArrayList<>();
    private final List<DoubleConsumer> watchers = new ArrayList<>();
    private double done;

    /** A load of so many simulated seconds that may break half-way. */
    Load(double total, boolean breaks) {
      this.total = total;
      this.breaks = breaks;
    }

    void join(CompletableFuture<Void> waiter, DoubleConsumer watcher) {
      waiters.add(waiter);
      watchers.add(watcher);
    }

    /** Moves on by so many simulated seconds and tells the watchers. */
    void advance(double seconds) {
      done = Math.min(total, done + seconds);
      double share = total == 0 ? 1 : done / total;
      watchers.forEach(watcher -> watcher.accept(share));
    }

    boolean finished() {
      return done >= total;
    }

    boolean broken() {
      return breaks && done >= total / 2;
    }

    List<CompletableFuture<Void>> waiters() {
      return List.copyOf(waiters);
    }
  }
}
