package org.brokecluster.coordinator.history.learning;

import java.util.LinkedHashMap;
import java.util.Map;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.state.PromiseFigures;
import org.jspecify.annotations.Nullable;

/**
 * Puts one kind of predicted time right, by model and by something finer. Errors are measured as
 * {@code ln((real + 50 ms) / (predicted + 50 ms))}: the offset keeps what every answer costs (the
 * way through the network, a busy machine) from looking like a factor. Not thread safe.
 */
final class PhaseCalibration {
  private static final double OFFSET_MS = 50;

  /** Errors from which on a finer key is believed rather than its model. */
  private static final long ENOUGH = 8;

  private final Trace trace;
  private final int keys;
  private final Coverage coverage;
  private final ErrorFigures all;
  private final Map<ModelId, ErrorFigures> models = new LinkedHashMap<>();
  private final Map<Key, ErrorFigures> fine = new LinkedHashMap<>();
  private final PromiseErrors errors = new PromiseErrors();

  /**
   * Of an answer.
   *
   * @param part node or topic
   */
  record Key(ModelId model, String part) {}

  /** A time, put right, with its interval; in milliseconds. */
  record Range(double low, double middle, double high) {}

  PhaseCalibration(PromiseSettings settings, Trace trace) {
    this.trace = trace;
    this.keys = settings.keys();
    this.coverage = new Coverage(settings.coverage());
    this.all = new ErrorFigures(settings.rule());
  }

  /** Puts a predicted time right. */
  Range range(ModelId model, String part, double predictedMs) {
    var figures = known(model, part);
    double middle = figures.correction();
    double spread = figures.spread();
    return new Range(
        scaled(predictedMs, middle - coverage.below() * spread),
        scaled(predictedMs, middle),
        scaled(predictedMs, middle + coverage.above() * spread));
  }

  static double scaled(double predictedMs, double byLn) {
    return Math.max(0, (predictedMs + OFFSET_MS) * StrictMath.exp(byLn) - OFFSET_MS);
  }

  private ErrorFigures known(ModelId model, String part) {
    var finest = fine.get(new Key(model, part));
    if (finest != null && finest.count() >= ENOUGH) {
      return finest;
    }
    return models.getOrDefault(model, all);
  }

  /**
   * An answer shows how long it really took.
   *
   * @param predictedMs before it was put right
   * @param promised as the client was told
   */
  void add(ModelId model, String part, double predictedMs, Range promised, double realMs) {
    double off = logRatio(realMs, predictedMs);
    coverage.add(realMs, promised.low(), promised.high());
    errors.add(realMs, promised.middle(), predictedMs);
    all.add(off);
    var ofModel = touched(models, model, all);
    ofModel.add(off);
    var ofPart = touched(fine, new Key(model, part), ofModel);
    ofPart.add(off);
    trace.put(model.value()).put(part).put(ofPart.correction()).put(ofPart.spread());
    trace.put(coverage.below()).put(coverage.above());
  }

  static double logRatio(double realMs, double predictedMs) {
    return StrictMath.log((realMs + OFFSET_MS) / (predictedMs + OFFSET_MS));
  }

  /** The figures of a key, which becomes the youngest; the oldest goes if there are too many. */
  private <K> ErrorFigures touched(Map<K, ErrorFigures> table, K key, ErrorFigures coarser) {
    var figures = table.remove(key);
    table.put(key, figures == null ? coarser.finer() : figures);
    if (table.size() > keys) {
      var oldest = table.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    var now = table.get(key);
    return now == null ? coarser : now;
  }

  /** How well it does; null before the first answer. */
  PromiseFigures.@Nullable Phase figures() {
    return coverage.count() == 0
        ? null
        : new PromiseFigures.Phase(
            coverage.count(),
            Math.round(coverage.kept() * 1000) / 1000.0,
            errors.told(),
            errors.predicted());
  }
}
