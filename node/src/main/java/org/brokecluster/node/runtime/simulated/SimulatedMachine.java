package org.brokecluster.node.runtime.simulated;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.DoubleConsumer;
import org.brokecluster.node.runtime.LoadException;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.shared.hardware.Chip;
import org.brokecluster.shared.hardware.MemoryEstimate;
import org.brokecluster.shared.hardware.SpeedEstimate;
import org.jspecify.annotations.Nullable;

/**
 * The simulated Mac: models in its memory, loads under way, and how time passes for all of them.
 * Knows no clock: time is what {@link #advance} is given. Not thread safe.
 */
final class SimulatedMachine {
  private final Map<ModelId, HostedModel> models = new LinkedHashMap<>();
  private final SimulatedMemory memory;
  private final FaultBox faults;
  private long turn;

  SimulatedMachine(SimulatedSettings settings, Chip chip, long memoryBytes, FaultBox faults) {
    this.faults = faults;
    memory = new SimulatedMemory(MemoryEstimate.workingSet(memoryBytes));
    for (var spec : settings.models()) {
      models.put(spec.id(), new HostedModel(spec, chip, settings));
    }
    for (var model : models.values()) {
      if (!memory.couldHold(model)) {
        model.unsupported(memory.refusal(model, List.of()));
      } else if (model.spec().resident() && memory.free(models.values()) >= model.residentBytes()) {
        model.loaded();
      }
    }
  }

  Collection<HostedModel> models() {
    return models.values();
  }

  @Nullable HostedModel find(ModelId id) {
    return models.get(id);
  }

  long memoryFree() {
    return Math.max(0, memory.free(models.values()));
  }

  /** Starts a load, or joins the one under way. */
  void load(ModelId id, CompletableFuture<Void> done, DoubleConsumer progress) {
    var model = models.get(id);
    if (model == null) {
      done.completeExceptionally(new LoadException("no such model here: " + id));
    } else if (model.state() == ModelState.LOADED) {
      model.used(++turn);
      progress.accept(1);
      done.complete(null);
    } else if (model.load() != null) {
      model.load().join(done, progress);
    } else {
      startLoad(model, done, progress);
    }
  }

  private void startLoad(HostedModel model, CompletableFuture<Void> done, DoubleConsumer progress) {
    try {
      memory.evictionsFor(model, models.values()).forEach(HostedModel::unloaded);
    } catch (LoadException e) {
      done.completeExceptionally(e);
      return;
    }
    var load = new HostedModel.Load(model.speed().loadSeconds(), faults.strikesLoad());
    load.join(done, progress);
    model.startLoad(load);
    progress.accept(0);
  }

  /** Takes an idle model out of memory. */
  void unload(ModelId id, CompletableFuture<Void> done) {
    var model = models.get(id);
    if (model != null && model.busy()) {
      done.completeExceptionally(
          new LoadException("model is at work, drain it first: model=" + id));
      return;
    }
    if (model != null && model.state() == ModelState.LOADED) {
      model.unloaded();
    }
    done.complete(null);
  }

  /** Notes that a model is used now. */
  void touch(HostedModel model) {
    model.used(++turn);
  }

  /** Takes an answer out, over or not; its prompt stays in the model's cache. */
  void remove(HostedModel model, SimulatedGeneration generation) {
    model.remove(generation);
    generation.cached().ifPresent(model.prefixes()::remember);
    touch(model);
  }

  /** Whether time has to pass for anything. */
  boolean idle() {
    return models.values().stream().noneMatch(HostedModel::busy);
  }

  /** Lets simulated seconds pass for loads and answers. */
  void advance(double seconds) {
    long loads = models.values().stream().filter(model -> model.load() != null).count();
    int busy =
        (int)
            models.values().stream()
                .filter(model -> model.prefilling() + model.decoding() > 0)
                .count();
    for (var model : models.values()) {
      advanceLoad(model, seconds / Math.max(1, loads));
      advanceAnswers(model, seconds, busy);
    }
  }

  /** Loads side by side share the disk. */
  private void advanceLoad(HostedModel model, double seconds) {
    var load = model.load();
    if (load == null) {
      return;
    }
    load.advance(seconds);
    if (load.broken()) {
      var message = "the simulated runtime was told to break this load: model=" + model.spec().id();
      model.loadFailed(message);
      load.waiters().forEach(done -> done.completeExceptionally(new LoadException(message)));
    } else if (load.finished()) {
      model.loaded();
      touch(model);
      load.waiters().forEach(done -> done.complete(null));
    }
  }

  private void advanceAnswers(HostedModel model, double seconds, int busyModels) {
    double prefill =
        model.speed().prefillTokensPerSecond()
            * SpeedEstimate.prefillShare(model.prefilling(), busyModels);
    double decode =
        model.speed().decodeTokensPerSecond()
            * SpeedEstimate.decodeShare(model.decoding(), busyModels);
    for (var generation : model.running()) {
      generation.advance(seconds, prefill, decode);
      if (generation.over()) {
        remove(model, generation);
      }
    }
  }
}
