package org.brokecluster.coordinator.routing.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Reads the heads of a {@link LinearModel}: a gate tells how probable each {@link TaskKind} is, and
 * the estimates made for each kind are mixed by it. Names of heads:
 *
 * <pre>
 * kind:K      log odds that the prompt is of kind K
 * small:K     probability that a small model answers well, given K;  K = any: over all kinds
 * large:K     the same for a large model
 * tokens:K    logarithm of the answer's tokens;                      K = any: over all kinds
 * chain       logarithm of the tokens of worked solutions
 * domain:D    log odds that the subject is D
 * figures     spread:K (of tokens:K), chain (where its scale begins and ends)
 * </pre>
 *
 * Pure and thread safe.
 */
public final class PromptModel {
  private static final double MIN = 0.02;
  private static final double MAX = 0.98;
  private static final double DOMAIN_MIN = 0.2;

  /** Below 1: each kind's log odds were learned apart from the others', and are too sure. */
  private static final double GATE_SHARPNESS = 0.8;

  private static final double SPREAD_DEFAULT = 0.9;
  private static final List<TaskKind> KINDS = List.of(TaskKind.values());
  private static final int ANY = KINDS.size();

  private final LinearModel model;
  private final int[] gate = new int[ANY];
  private final int[] small = new int[ANY + 1];
  private final int[] large = new int[ANY + 1];
  private final int[] tokens = new int[ANY + 1];
  private final double[] spread = new double[ANY + 1];
  private final int chain;
  private final double chainFrom;
  private final double chainTo;
  private final List<String> domains = new ArrayList<>();
  private final int[] domainHeads;

  /**
   * With its weights.
   *
   * @throws IllegalArgumentException if heads are missing
   */
  public PromptModel(LinearModel model) {
    this.model = model;
    for (var kind : KINDS) {
      int k = kind.index();
      gate[k] = required("kind:" + kind.label());
      fill(k, kind.label());
    }
    fill(ANY, "any");
    chain = required("chain");
    var scale = model.figures("chain");
    if (small[ANY] < 0 || large[ANY] < 0 || tokens[ANY] < 0 || scale.length != 2) {
      throw new IllegalArgumentException("model lacks the heads over all kinds");
    }
    chainFrom = scale[0];
    chainTo = scale[1];
    for (var head : model.heads()) {
      if (head.startsWith("domain:")) {
        domains.add(head.substring("domain:".length()));
      }
    }
    domainHeads = domains.stream().mapToInt(domain -> required("domain:" + domain)).toArray();
  }

  private int required(String head) {
    int at = model.heads().indexOf(head);
    if (at < 0) {
      throw new IllegalArgumentException("model lacks the head " + head);
    }
    return at;
  }

  private void fill(int at, String name) {
    small[at] = model.heads().indexOf("small:" + name);
    large[at] = model.heads().indexOf("large:" + name);
    tokens[at] = model.heads().indexOf("tokens:" + name);
    var known = model.figures("spread:" + name);
    spread[at] = known.length == 1 ? known[0] : SPREAD_DEFAULT;
  }

  /** What it makes of a prompt. */
  public Reading read(PromptFeatures text) {
    return read(model.scores(text), model.familiar(text));
  }

  private Reading read(double[] scores, double familiar) {
    var shares = shares(scores);
    double smallSum = 0;
    double largeSum = 0;
    double gain = 0;
    double length = 0;
    double variance = 0;
    double anyGain = scores[large[ANY]] - scores[small[ANY]];
    int best = 0;
    for (int k = 0; k < ANY; k++) {
      boolean own = small[k] >= 0 && large[k] >= 0;
      double easy = scores[own ? small[k] : small[ANY]];
      double hard = scores[own ? large[k] : large[ANY]];
      smallSum += shares[k] * clamp(easy);
      largeSum += shares[k] * clamp(hard);
      gain += shares[k] * (own ? hard - easy : anyGain);
      int t = tokens[k] >= 0 ? k : ANY;
      length += shares[k] * scores[tokens[t]];
      variance += shares[k] * spread[t] * spread[t];
      best = shares[k] > shares[best] ? k : best;
    }
    double steps = (scores[chain] - chainFrom) / (chainTo - chainFrom);
    return new Reading(
        smallSum,
        largeSum,
        Math.max(-1, Math.min(1, gain)),
        length,
        Math.sqrt(variance),
        Math.max(0, Math.min(1, steps)),
        domains(scores),
        TaskKind.at(best),
        shares[best],
        shares[TaskKind.OPEN.index()],
        sum(shares, TaskKind::tested),
        sum(shares, TaskKind::code),
        familiar);
  }

  private static double sum(double[] shares, Predicate<TaskKind> which) {
    double sum = 0;
    for (var kind : KINDS) {
      sum += which.test(kind) ? shares[kind.index()] : 0;
    }
    return sum;
  }

  /** Softmax of the gate's log odds, so that of two kinds that both claim a prompt one wins. */
  private double[] shares(double[] scores) {
    double most = Double.NEGATIVE_INFINITY;
    for (int head : gate) {
      most = Math.max(most, scores[head]);
    }
    var shares = new double[ANY];
    double sum = 0;
    for (int k = 0; k < ANY; k++) {
      shares[k] = Math.exp(GATE_SHARPNESS * (scores[gate[k]] - most));
      sum += shares[k];
    }
    for (int k = 0; k < ANY; k++) {
      shares[k] /= sum;
    }
    return shares;
  }

  private Map<String, Double> domains(double[] scores) {
    var found = new HashMap<String, Double>();
    for (int d = 0; d < domainHeads.length; d++) {
      double share = sigmoid(scores[domainHeads[d]]);
      if (share >= DOMAIN_MIN) {
        found.put(domains.get(d), Math.round(share * 1000) / 1000.0);
      }
    }
    return found;
  }

  private static double sigmoid(double logOdds) {
    return 1 / (1 + Math.exp(-logOdds));
  }

  private static double clamp(double probability) {
    return Math.max(MIN, Math.min(MAX, probability));
  }
}
