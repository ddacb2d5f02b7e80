package org.brokecluster.node.models;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.brokecluster.node.memory.Footprint;
import org.brokecluster.node.memory.MemoryBudget;
import org.brokecluster.node.memory.MemoryBudget.Alternative;
import org.brokecluster.node.memory.MemoryLedger;
import org.brokecluster.node.memory.Resident;
import org.brokecluster.node.memory.RoomPlan;
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
  private final MemoryLedger ledger;
  private final List<ModelRuntime> runtimes;
  private final SpeedBook speeds;
  private final Workload workload = new Workload();
  private final Map<ModelId, ModelEntry> entries = new HashMap<>();
  private final Set<ModelId> pins = new HashSet<>();
  private final Set<ModelRuntime> unreachable = new HashSet<>();

  ModelTable(
      PoolSettings settings, MemoryLedger ledger, List<ModelRuntime> runtimes, SpeedBook speeds) {
    this.settings = settings;
    this.ledger = ledger;
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
    var idlers =
        entries.values().stream()
            .filter(entry -> entry.resident() && entry.loading == null)
            .map(ModelEntry::asIdler)
            .toList();
    return IdleUnload.due(idlers, now, settings.unloadTimeout());
  }

  /** A stream of the model begins ({@code working}) to work, or has ended. */
  void works(ModelEntry entry, boolean working, long now) {
    if (working) {
      workload.started(entry, now);
    } else {
      workload.ended(entry, now);
    }
  }

  /** An answer was whole whose stream began to work at this time. */
  void measured(ModelEntry entry, Measurement measurement, long startedNanos, long now) {
    double weight = settings.speedWeight();
    learned(entry, workload.after(entry, measurement, startedNanos, now, weight, speeds.now()));
  }

  /** A load took this long. */
  void loadTook(ModelEntry entry, double seconds) {
    learned(entry, entry.meter.loaded(seconds, settings.speedWeight(), speeds.now()));
  }

  private void learned(ModelEntry entry, SpeedMeter meter) {
    if (!meter.equals(entry.meter)) {
      entry.meter = meter;
      speeds.learned(entry.runtime.name(), entry.facts, meter);
    }
  }

  /** Takes new figures from the book for models of which nothing was measured here. */
  void speedsAdopted() {
    for (var entry : entries.values()) {
      if (entry.meter.samples() == 0) {
        entry.meter = speeds.meter(entry.runtime.name(), entry.facts, entry.meter.estimate());
      }
    }
  }

  /** Who has to go before a model can be loaded, or why it cannot. */
  RoomPlan room(ModelEntry wanted, long now) {
    var need = wanted.footprint;
    if (need == null || wanted.resident()) {
      return new RoomPlan.Fits(List.of(), wanted.bytes());
    }
    var others =
        entries.values().stream()
            .filter(e -> e != wanted && e.footprint != null && e.state.servable())
            .map(e -> new Alternative(e.facts.id(), e.bytes()))
            .toList();
    return new MemoryBudget(ledger.limit(), ledger.available())
        .room(wanted.facts.id(), need, residents(wanted, now), others);
  }

  /** The model that goes first when the system itself needs memory, if any may go. */
  Optional<ModelId> leastValuable(long now) {
    return MemoryBudget.leastValuable(residents(null, now));
  }

  private List<Resident> residents(@Nullable ModelEntry wanted, long now) {
    return entries.values().stream()
        .filter(e -> e != wanted && e.resident())
        .map(e -> e.asResident(ledger.grown(e.facts.id()), now))
        .toList();
  }

  /** Writes into the ledger what is in memory now; after every change of that. */
  void settle() {
    var held = new HashMap<ModelId, Long>();
    for (var entry : entries.values()) {
      if (entry.resident()) {
        held.put(entry.facts.id(), entry.bytes());
      }
    }
    ledger.hold(held);
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
   * @param footprints what they hold when loaded, where the runtime says so
   * @param versions {@link #versions} of the time it was asked
   * @return whether it could not be reached before
   */
  boolean reached(
      ModelRuntime runtime,
      List<RuntimeModel> models,
      Map<ModelId, Footprint> footprints,
      Map<ModelId, Integer> versions,
      long now) {
    var seen = new HashSet<ModelId>();
    for (var model : models.subList(0, Math.min(models.size(), settings.modelsMax()))) {
      var id = model.facts().id();
      seen.add(id);
      take(runtime, model, versions, now);
      var entry = entries.get(id);
      if (entry != null && entry.runtime == runtime) {
        entry.footprint = footprints.get(id);
      }
    }
    entries
        .values()
        .removeIf(e -> e.runtime == runtime && e.users == 0 && !seen.contains(e.facts.id()));
    entries.values().forEach(entry -> checkSize(entry, now));
    settle();
    return unreachable.remove(runtime);
  }

  /** A model that would not fit even alone is none that this machine can serve. */
  private void checkSize(ModelEntry entry, long now) {
    boolean onDisk = entry.state == ModelState.DISK && entry.leaving == null;
    if (onDisk && room(entry, now) instanceof RoomPlan.Refused refused && !refused.ever()) {
      entry.state = ModelState.UNSUPPORTED;
      entry.reason = refused.message();
    }
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
    settle();
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
