package org.brokecluster.coordinator.whatif;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.brokecluster.coordinator.whatif.ServiceTime.Correction;

/** Gathers how far the formula was off, by node and model, as medians. Not thread safe. */
final class Corrections {
  private static final int ENOUGH = 3;
  private static final int SAMPLES_MAX = 2_000;

  private final Map<String, Samples> byPlace = new HashMap<>();

  private static final class Samples {
    private final List<Double> prefill = new ArrayList<>();
    private final List<Double> decode = new ArrayList<>();
  }

  /** One answer. */
  void add(String model, String node, ServiceTime nominal, double prefillMs, double decodeMs) {
    for (var place : List.of(model + "@" + node, "@" + node)) {
      var samples = byPlace.computeIfAbsent(place, each -> new Samples());
      if (samples.prefill.size() < SAMPLES_MAX) {
        samples.prefill.add(Math.max(0, prefillMs) / Math.max(1e-3, nominal.prefillMs()));
        samples.decode.add(Math.max(0, decodeMs) / Math.max(1e-3, nominal.decodeMs()));
      }
    }
  }

  /** For a model on a node; else for the node; else none. */
  Correction of(String model, String node) {
    for (var place : List.of(model + "@" + node, "@" + node)) {
      var samples = byPlace.get(place);
      if (samples != null && samples.prefill.size() >= ENOUGH) {
        return new Correction(
            Quantiles.median(samples.prefill),
            Quantiles.median(samples.decode),
            samples.prefill.size());
      }
    }
    return Correction.NONE;
  }
}
