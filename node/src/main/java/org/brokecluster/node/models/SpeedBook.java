package org.brokecluster.node.models;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Baseline;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.protocol.state.ModelFacts;
import org.jspecify.annotations.Nullable;

/**
 * What is known of models' speeds on this machine beyond the life of a process, also of models that
 * are not here at the moment. Bounded: what was measured longest ago goes first. Thread safe; does
 * not touch the disk.
 */
public final class SpeedBook {
  private record Key(ModelId model, String runtime) {}

  private final int max;
  private final LongSupplier epochSeconds;
  private final Map<Key, Baseline> known = new HashMap<>();
  private boolean changed;

  /**
   * An empty book.
   *
   * @param max models it keeps, at least 1
   * @param epochSeconds time of day in seconds since 1970
   */
  public SpeedBook(int max, LongSupplier epochSeconds) {
    this.max = max;
    this.epochSeconds = epochSeconds;
  }

  /** The time of day, in seconds since 1970. */
  long now() {
    return epochSeconds.getAsLong();
  }

  /** What is known of a model, or else its estimate. */
  synchronized SpeedMeter meter(String runtime, ModelFacts facts, Speed estimate) {
    var entry = known.get(new Key(facts.id(), runtime));
    return entry == null || isOther(entry.bytes(), facts.bytes())
        ? SpeedMeter.of(estimate)
        : SpeedMeter.of(entry, estimate);
  }

  private static boolean isOther(@Nullable Long kept, @Nullable Long now) {
    return kept != null && now != null && !kept.equals(now);
  }

  /** Something was measured. */
  synchronized void learned(String runtime, ModelFacts facts, SpeedMeter meter) {
    put(meter.baseline(facts.id(), runtime, facts.bytes()));
  }

  /** Everything known, by name. */
  public synchronized List<Baseline> baselines() {
    return known.values().stream()
        .sorted(Comparator.comparing(Baseline::model).thenComparing(Baseline::runtime))
        .toList();
  }

  /** Takes over what was kept; replaces what is known of the same models. */
  public synchronized void restore(List<Baseline> kept) {
    kept.forEach(this::put);
    changed = false;
  }

  /**
   * Takes figures of another machine of the same kind, where nothing was measured here.
   *
   * @return the models for which they were taken
   */
  public synchronized List<ModelId> adopt(List<Baseline> others) {
    var taken = new ArrayList<ModelId>();
    for (var other : others) {
      var here = known.get(new Key(other.model(), other.runtime()));
      if (here == null || here.imported()) {
        put(imported(other));
        taken.add(other.model());
      }
    }
    return taken;
  }

  private static Baseline imported(Baseline other) {
    return new Baseline(
        other.model(),
        other.runtime(),
        other.bytes(),
        other.prefill(),
        other.decode(),
        other.load(),
        other.shared(),
        other.measuredAt(),
        true);
  }

  /** Everything known if something is new since the last call, for whoever keeps it; else null. */
  public synchronized @Nullable List<Baseline> takeChanges() {
    if (!changed) {
      return null;
    }
    changed = false;
    return baselines();
  }

  /** What {@link #takeChanges} gave could not be kept, so it will be given again. */
  synchronized void keepChanges() {
    changed = true;
  }

  private void put(Baseline entry) {
    known.put(new Key(entry.model(), entry.runtime()), entry);
    changed = true;
    while (known.size() > max) {
      known.entrySet().stream()
          .min(Comparator.comparingLong(each -> age(each.getValue())))
          .ifPresent(oldest -> known.remove(oldest.getKey()));
    }
  }

  private static long age(Baseline entry) {
    return entry.measuredAt() == null ? 0 : entry.measuredAt();
  }
}
