package org.brokecluster.simulation.schedule;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.brokecluster.protocol.model.ModelState;

/**
 * Scores as ollama-herd publishes it ({@code scorer.py} and {@code device-aware-scoring.md}, 2026):
 * 50 points for a model in memory, 10 for one on disk; up to 20 for how well it fits; 6 off for
 * each request in line, by bandwidth relative to the fleet's median, at most 30; up to 25 off for
 * the expected wait, at a tenth of a second of it a point, by the 75th percentile of answers there;
 * and up to 25 for bandwidth, in full for models above 20 GB, reversed for those below 8.
 */
final class ResidencyFirst extends Rival {
  private static final double GIGA = 1e9;
  private static final int KEPT = 100;

  private final Map<String, double[]> latencies = new HashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();

  @Override
  List<Mac> able(Job job) {
    return stage().macs().stream()
        .filter(mac -> mac.model(job.model()) != null && stage().known(mac))
        .filter(mac -> loaded(mac, job) || mac.freeBytes() >= bytes(mac, job))
        .toList();
  }

  @Override
  Mac choose(Job job, List<Mac> able) {
    var best = able.get(0);
    double most = Double.NEGATIVE_INFINITY;
    for (var mac : able) {
      double score = score(mac, job);
      if (score > most) {
        most = score;
        best = mac;
      }
    }
    return best;
  }

  private double score(Mac mac, Job job) {
    int depth = mac.count(job.model());
    boolean loaded = loaded(mac, job);
    double thermal = loaded ? 50 : 10;
    return thermal
        + fit(mac, job, loaded)
        - queue(mac, depth)
        - wait(mac, job, depth)
        + affinity(mac, job);
  }

  private static boolean loaded(Mac mac, Job job) {
    var model = mac.model(job.model());
    return model != null && model.state() != ModelState.DISK;
  }

  private static double bytes(Mac mac, Job job) {
    var model = mac.model(job.model());
    return model == null ? 0 : model.spec().bytes();
  }

  private static double fit(Mac mac, Job job, boolean loaded) {
    if (loaded) {
      return 20;
    }
    double ratio = mac.freeBytes() / Math.max(1, bytes(mac, job));
    if (ratio > 2) {
      return 20;
    }
    return ratio > 1.5 ? 15 : ratio > 1.2 ? 8 : ratio >= 1 ? 3 : 0;
  }

  private double queue(Mac mac, int depth) {
    double relative = mac.spec().chip().bandwidth() / medianBandwidth();
    return Math.min(30, 6 * depth / Math.max(0.25, Math.min(4, relative)));
  }

  private double medianBandwidth() {
    var all = stage().macs().stream().mapToDouble(mac -> mac.spec().chip().bandwidth());
    var sorted = all.sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private double wait(Mac mac, Job job, int depth) {
    if (depth == 0) {
      return 0;
    }
    double usual = usualMs(mac, job);
    return Math.min(25, depth * usual / 1000 / 10);
  }

  private double usualMs(Mac mac, Job job) {
    var key = key(mac, job);
    var kept = latencies.get(key);
    if (kept == null) {
      return 100_000 / Math.max(1, 100 / Math.max(1, bytes(mac, job) / GIGA));
    }
    int count = Math.min(KEPT, counts.getOrDefault(key, 0));
    var sorted = DoubleStream.of(kept).limit(count).sorted().toArray();
    return sorted[(int) (count * 0.75)];
  }

  private static double affinity(Mac mac, Job job) {
    double bonus = Math.min(25, 5 + mac.spec().chip().bandwidth() / 40);
    double size = bytes(mac, job) / GIGA;
    if (size > 20) {
      return bonus;
    }
    return size < 8 ? Math.max(3, 15 - bonus * 0.5) : bonus * 0.6;
  }

  private static String key(Mac mac, Job job) {
    return mac.name() + ":" + job.model();
  }

  @Override
  public void ended(Task task) {
    var key = key(task.mac(), task.job());
    int count = counts.merge(key, 1, Integer::sum);
    latencies.computeIfAbsent(key, each -> new double[KEPT])[(count - 1) % KEPT] =
        stage().nowMs() - task.givenMs();
  }
}
