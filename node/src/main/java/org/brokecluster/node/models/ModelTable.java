package org.brokecluster.node.models;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.brokecluster.node.runtime.ModelRuntime;
import org.brokecluster.node.runtime.RuntimeModel;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.ModelState;
import org.jspecify.annotations.Nullable;

/**
 * The pool's models, and how a look at a runtime changes them. A model that several runtimes have
 * belongs to the first of them. Guarded by the pool's lock.
 */
final class ModelTable {
  private final PoolSettings settings;
  private final List<ModelRuntime> runtimes;
  private final SpeedBook speeds;
  private final Map<ModelId, ModelEntry> entries = new HashMap<>();
  private final Set<ModelId> pins = new HashSet<>();
  private final Set<ModelRuntime> unreachable = new HashSet<>();

  ModelTable(PoolSettings settings, List<ModelRuntime> runtimes, SpeedBook speeds) {
    this.settings = settings;
    this.runtimes = runtimes;
    this.speeds = speeds;
  }

  @Nullable ModelEntry get(ModelId id) {
    return entries.get(id);
  }

  List<ModelStatus> statuses() {
    return entries.values().stream()
        .map(ModelEntry::status)
        .sorted(Comparator.comparing(status -> status.facts().id()))
        .toList();
  }

  /** Models in memory that have been idle for too long. */
  List<ModelId> idle(long now) {
    var residents =
        entries.values().stream()
            .filter(entry -> entry.state == ModelState.LOADED && entry.loading == null)
            .map(ModelEntry::resident)
            .toList();
    return IdleUnload.due(residents, now, settings.unloadTimeout());
  }

  /** Takes new figures from the book for models of which nothing was measured here. */
  void speedsAdopted() {
    for (var entry : entries.values()) {
      if (entry.meter.samples() == 0) {
        entry.meter = speeds.meter(entry.runtime.name(), entry.facts, entry.meter.estimate());
      }
    }
  }

  /** Bytes of all models in memory or on their way there, as far as they are known. */
  long residentBytes() {
    return entries.values().stream()
        .filter(e -> e.state == ModelState.LOADED || e.state == ModelState.LOADING)
        .map(e -> e.facts.bytes())
        .mapToLong(bytes -> bytes == null ? 0 : bytes)
        .sum();
  }

  /** Loads and unloads each model has seen, to be handed back with what a scan finds. */
  Map<ModelId, Integer> versions() {
    var versions = new HashMap<ModelId, Integer>();
    entries.forEach((id, entry) -> versions.put(id, entry.version));
    return versions;
  }

  /**
   * A runtime has told its models.
   *
   * @param versions {@link #versions} of the time it was asked
   * @return whether it could not be reached before
   */
  boolean reached(
      ModelRuntime runtime, List<RuntimeModel> models, Map<ModelId, Integer> versions, long now) {
    var seen = new HashSet<ModelId>();
    for (var model : models.subList(0, Math.min(models.size(), settings.modelsMax()))) {
      seen.add(model.facts().id());
      take(runtime, model, versions, now);
    }
    entries
        .values()
        .removeIf(e -> e.runtime == runtime && e.users == 0 && !seen.contains(e.facts.id()));
    return unreachable.remove(runtime);
  }

  private void take(
      ModelRuntime runtime, RuntimeModel model, Map<ModelId, Integer> versions, long now) {
    var id = model.facts().id();
    var entry = entries.get(id);
    if (entry == null || (entry.users == 0 && rank(runtime) < rank(entry.runtime))) {
      var meter = speeds.meter(runtime.name(), model.facts(), model.speed());
      entries.put(id, new ModelEntry(runtime, model, pins.contains(id), meter, now));
    } else if (entry.runtime == runtime && entry.version == versions.getOrDefault(id, 0)) {
      entry.scanned(model, now, settings.loadRetry().toNanos());
    }
  }

  private int rank(ModelRuntime runtime) {
    return runtimes.indexOf(runtime);
  }

  /**
   * A runtime does not answer: its models are out of service.
   *
   * @return whether it did before
   */
  boolean lost(ModelRuntime runtime, String reason) {
    for (var entry : entries.values()) {
      if (entry.runtime == runtime && entry.loading == null) {
        entry.state = ModelState.FAILED;
        entry.reason = reason;
      }
    }
    return unreachable.add(runtime);
  }

  /** Remembers that a model is pinned, also while no runtime has it. */
  void pin(ModelEntry entry, boolean pinned) {
    entry.pinned = pinned;
    if (pinned) {
      pins.add(entry.facts.id());
    } else {
      pins.remove(entry.facts.id());
    }
  }
}
