package org.brokecluster.coordinator.whatif;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.brokecluster.coordinator.whatif.PastRequest.Fate;

/** Two replays beside what really happened, as JSON. Pure. */
final class Comparison {
  /** Median errors of the finish time below which a replay is called good, and fair. */
  private static final double GOOD = 0.15;

  private static final double FAIR = 0.40;
  private static final int FEW = 20;
  private static final double[] QUANTILES = {0.5, 0.95, 0.99};

  private Comparison() {}

  /**
   * How well the replay under the recorded conditions comes out as it really was.
   *
   * @param reproduced by request
   */
  static ObjectNode validation(Collection<PastRequest> requests, Map<String, Played> reproduced) {
    var errors = new ArrayList<Double>();
    var shares = new ArrayList<Double>();
    int sameNode = 0;
    int sameModel = 0;
    for (var past : requests) {
      var played = reproduced.get(past.id.value());
      boolean both =
          past.fate == Fate.COMPLETED && played != null && played.fate() == Fate.COMPLETED;
      if (!both || past.totalMs == null || played.totalMs() == null) {
        continue;
      }
      double error = Math.abs(played.totalMs() - past.totalMs);
      errors.add(error);
      shares.add(error / Math.max(1, past.totalMs));
      var placement = played.placement();
      if (placement != null) {
        sameNode += placement.node().value().equals(past.node) ? 1 : 0;
        sameModel += placement.model().value().equals(past.model) ? 1 : 0;
      }
    }
    var json = JsonNodeFactory.instance.objectNode();
    json.put("compared", errors.size());
    if (errors.isEmpty()) {
      json.put("verdict", "none");
      json.put("statement", "no request was answered both then and in the replay: nothing follows");
      return json;
    }
    errors.sort(null);
    shares.sort(null);
    double median = Quantiles.of(shares, 0.5);
    json.put("medianErrorMs", Math.round(Quantiles.of(errors, 0.5)));
    json.put("medianErrorShare", rounded(median));
    json.put("p90ErrorShare", rounded(Quantiles.of(shares, 0.9)));
    json.put("sameNode", rounded((double) sameNode / errors.size()));
    json.put("sameModel", rounded((double) sameModel / errors.size()));
    var verdict = median <= GOOD ? "good" : median <= FAIR ? "fair" : "poor";
    json.put("verdict", verdict);
    json.put("statement", statement(verdict, median, errors.size()));
    return json;
  }

  private static String statement(String verdict, double median, int compared) {
    var off =
        "replayed as it was, half of %d finish times are within %.0f %% of the real ones"
            .formatted(compared, median * 100);
    var few = compared < FEW ? "; so few requests prove little" : "";
    return switch (verdict) {
      case "good" -> off + few;
      case "fair" -> off + ": differences smaller than that mean nothing" + few;
      default -> off + ": the replay is poor, do not rely on its times" + few;
    };
  }

  /** What really happened. */
  static ObjectNode recorded(Collection<PastRequest> requests) {
    var side = new Side();
    for (var past : requests) {
      Double total = past.totalMs == null ? null : (double) past.totalMs;
      Double first = past.firstTokenMs == null ? null : (double) past.firstTokenMs;
      double busy = total == null ? 0 : Math.max(0, total - past.waitedMs);
      side.add(past, new Played(past.fate, past.placement, first, total, busy, past.refusal));
    }
    return side.json();
  }

  /** What happened in a replay. */
  static ObjectNode played(Collection<PastRequest> requests, Map<String, Played> played) {
    var side = new Side();
    for (var past : requests) {
      var result = played.get(past.id.value());
      side.add(past, result == null ? Played.without(Fate.OPEN, null) : result);
    }
    return side.json();
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  /** Sums of one side. */
  private static final class Side {
    private final Map<Fate, Integer> fates = new TreeMap<>();
    private final List<Double> first = new ArrayList<>();
    private final List<Double> total = new ArrayList<>();
    private final Map<String, double[]> nodes = new TreeMap<>();
    private final Map<String, Integer> tiers = new TreeMap<>();
    private final Map<String, Integer> refusals = new TreeMap<>();
    private double risk;
    private int judged;
    private double busy;
    private long tokens;

    void add(PastRequest past, Played result) {
      fates.merge(result.fate(), 1, Integer::sum);
      if (result.reason() != null) {
        refusals.merge(result.reason(), 1, Integer::sum);
      }
      var placement = result.placement();
      if (placement != null) {
        risk += placement.qualityTemperature();
        judged++;
        tiers.merge(placement.tier().label(), 1, Integer::sum);
        var node = nodes.computeIfAbsent(placement.node().value(), each -> new double[2]);
        node[0]++;
        node[1] += result.busyMs();
        busy += result.busyMs();
      }
      if (result.fate() == Fate.COMPLETED) {
        tokens += past.answerTokens();
        if (result.firstTokenMs() != null) {
          first.add(result.firstTokenMs());
        }
        if (result.totalMs() != null) {
          total.add(result.totalMs());
        }
      }
    }

    ObjectNode json() {
      var json = JsonNodeFactory.instance.objectNode();
      json.put("answered", fates.getOrDefault(Fate.COMPLETED, 0));
      json.put("refused", fates.getOrDefault(Fate.REFUSED, 0));
      json.put("failed", fates.getOrDefault(Fate.FAILED, 0));
      json.put("cancelled", fates.getOrDefault(Fate.CANCELLED, 0));
      json.put("unfinished", fates.getOrDefault(Fate.OPEN, 0));
      var reasons = json.putObject("refusals");
      refusals.forEach(reasons::put);
      json.set("firstTokenMs", quantiles(first));
      json.set("totalMs", quantiles(total));
      json.put("meanRisk", judged == 0 ? null : (Double) rounded(risk / judged));
      json.put("answerTokens", tokens);
      json.put("machineSeconds", rounded(busy / 1000));
      var byTier = json.putObject("tiers");
      tiers.forEach(byTier::put);
      var byNode = json.putArray("nodes");
      nodes.forEach(
          (name, sums) -> {
            var node = byNode.addObject();
            node.put("name", name);
            node.put("requests", (long) sums[0]);
            node.put("busySeconds", rounded(sums[1] / 1000));
            node.put("share", busy == 0 ? 0 : rounded(sums[1] / busy));
          });
      return json;
    }

    private static ObjectNode quantiles(List<Double> values) {
      var json = JsonNodeFactory.instance.objectNode();
      if (values.isEmpty()) {
        return json;
      }
      values.sort(null);
      double mean = values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
      json.put("mean", Math.round(mean));
      for (double quantile : QUANTILES) {
        json.put("p" + Math.round(quantile * 100), Math.round(Quantiles.of(values, quantile)));
      }
      return json;
    }
  }
}
