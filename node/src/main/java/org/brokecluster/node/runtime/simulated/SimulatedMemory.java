package org.brokecluster.node.runtime.simulated;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.brokecluster.node.runtime.LoadException;

/**
 * The accounts of the simulated machine's memory.
 *
 * @param workingSet bytes the GPU may hold
 */
record SimulatedMemory(long workingSet) {
  private static final double GIGA = 1e9;

  /** Bytes that no model holds. */
  long free(Collection<HostedModel> models) {
    return workingSet
        - models.stream().filter(HostedModel::inMemory).mapToLong(HostedModel::residentBytes).sum();
  }

  /** Whether a model would fit if it were alone. */
  boolean couldHold(HostedModel model) {
    return model.residentBytes() <= workingSet;
  }

  /**
   * The models to evict so that another fits: idle and unpinned ones, the least recently used
   * first; none if it fits already.
   *
   * @throws LoadException with the arithmetic if it does not fit even then
   */
  List<HostedModel> evictionsFor(HostedModel wanted, Collection<HostedModel> models) {
    long free = free(models);
    var candidates =
        models.stream()
            .filter(model -> model != wanted && model.inMemory())
            .filter(model -> !model.busy() && !model.pinned())
            .sorted(Comparator.comparingLong(HostedModel::lastUsed))
            .toList();
    var evicted = new ArrayList<HostedModel>();
    for (var candidate : candidates) {
      if (free >= wanted.residentBytes()) {
        break;
      }
      evicted.add(candidate);
      free += candidate.residentBytes();
    }
    if (free < wanted.residentBytes()) {
      throw new LoadException(refusal(wanted, models));
    }
    return evicted;
  }

  /** Why a model does not fit, with the figures. */
  String refusal(HostedModel wanted, Collection<HostedModel> models) {
    var held =
        models.stream()
            .filter(model -> model != wanted && model.inMemory())
            .map(SimulatedMemory::holding)
            .collect(Collectors.joining(", "));
    return "model does not fit into memory: %s needs %s (weights and KV cache), %s of %s are free%s"
        .formatted(
            wanted.spec().id(),
            gigabytes(wanted.residentBytes()),
            gigabytes(free(models)),
            gigabytes(workingSet),
            held.isEmpty() ? "" : "; held by " + held);
  }

  private static String holding(HostedModel model) {
    var why = model.busy() ? "busy" : model.pinned() ? "pinned" : "idle";
    return model.spec().id() + " " + gigabytes(model.residentBytes()) + " " + why;
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / GIGA);
  }
}
