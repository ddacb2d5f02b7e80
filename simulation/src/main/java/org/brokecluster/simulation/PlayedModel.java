package org.brokecluster.simulation;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.protocol.state.ModelLoad;
import org.jspecify.annotations.Nullable;

/** One model on one machine: loaded on demand, with as many streams as it has slots. */
final class PlayedModel {
  private final World world;
  private final Machine machine;
  private final ModelFacts facts;
  private final Speed speed;
  private final Set<PlayedGeneration> running = new LinkedHashSet<>();
  private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
  private boolean loaded;
  private boolean loading;
  private int claims;
  private @Nullable AttemptFailure sickness;
  private long silentUntilMs;

  PlayedModel(World world, Machine machine, ModelFacts facts, Speed speed, boolean loaded) {
    this.world = world;
    this.machine = machine;
    this.facts = facts;
    this.speed = speed;
    this.loaded = loaded;
  }

  ModelFacts facts() {
    return facts;
  }

  Machine machine() {
    return machine;
  }

  World world() {
    return world;
  }

  /** What the node reports of it. */
  ModelLoad load(int running, int waitingHere) {
    var state = loaded ? ModelState.LOADED : loading ? ModelState.LOADING : ModelState.DISK;
    return new ModelLoad(facts.id(), state, null, null, running, waitingHere, false, speed);
  }

  /** Claims it for an attempt; completes when it is loaded. */
  CompletableFuture<Void> claim() {
    claims++;
    if (loaded) {
      return CompletableFuture.completedFuture(null);
    }
    var ready = new CompletableFuture<Void>();
    waiting.add(ready);
    if (!loading) {
      loading = true;
      long took = (long) (speed.loadSeconds() * 1_000 * machine.slowness());
      machine.after(took, "load of " + facts.id() + " on " + machine, this::loaded);
    }
    return ready;
  }

  private void loaded() {
    loading = false;
    loaded = true;
    var all = List.copyOf(waiting);
    waiting.clear();
    all.forEach(each -> each.complete(null));
  }

  /** Gives a claim back. */
  void release() {
    claims--;
  }

  int claims() {
    return claims;
  }

  void begins(PlayedGeneration generation) {
    running.add(generation);
    if (running.size() > facts.slots()) {
      world
          .watch()
          .broken(
              Invariant.SLOTS,
              "%d answers at once on %s of %s, which has %d slots"
                  .formatted(running.size(), facts.id(), machine, facts.slots()));
    }
  }

  void ends(PlayedGeneration generation) {
    running.remove(generation);
  }

  /** Answers under way. */
  int running() {
    return running.size();
  }

  /** Breaks every answer under way. */
  void crash(AttemptFailure how) {
    List.copyOf(running).forEach(each -> each.breakOff(how));
  }

  /** From now on every answer fails so; null for a recovery. */
  void sick(@Nullable AttemptFailure how) {
    sickness = how;
  }

  @Nullable AttemptFailure sickness() {
    return sickness;
  }

  /** Says nothing for a while, though nothing breaks. */
  void silence(long untilMs) {
    silentUntilMs = untilMs;
  }

  long silentUntilMs() {
    return silentUntilMs;
  }

  double prefillMs() {
    return Call.PROMPT_TOKENS * 1_000 / speed.prefillTokensPerSecond();
  }

  double wordMs() {
    return 1_000 / speed.decodeTokensPerSecond();
  }

  /** The process has gone, and everything with it. */
  void forget() {
    List.copyOf(running).forEach(PlayedGeneration::cancel);
    running.clear();
    waiting.clear();
    loading = false;
    claims = 0;
  }
}
