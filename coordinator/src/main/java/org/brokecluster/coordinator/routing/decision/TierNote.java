package org.brokecluster.coordinator.routing.decision;

import java.util.List;
import java.util.Locale;
import org.brokecluster.coordinator.routing.ask.Question;
import org.brokecluster.coordinator.routing.ask.Selection;
import org.brokecluster.coordinator.routing.filter.Verdict;
import org.brokecluster.protocol.model.Tier;
import org.jspecify.annotations.Nullable;

/** Where a request's target tier came from, and why its answer comes from another one. Pure. */
final class TierNote {
  private TierNote() {}

  /** What made this tier the target. */
  static String target(Question question) {
    var selection = question.selection();
    if (selection instanceof Selection.Rest) {
      return "the answer goes on that began in this tier";
    }
    return asksForTier(selection) ? "it was asked for" : "by the complexity";
  }

  private static boolean asksForTier(@Nullable Selection selection) {
    return selection instanceof Selection.OfTier
        || (selection instanceof Selection.Chain chain && asksForTier(chain.asked()));
  }

  /** Why the place that was chosen is of another tier than the target; null where it is not. */
  static @Nullable String other(Question question, List<Candidate> candidates, Candidate best) {
    var target = question.target();
    boolean named =
        question.selection() instanceof Selection.Named
            || (question.selection() instanceof Selection.Chain chain && !asksForTier(chain));
    if (best.tier() == target || named) {
      return null;
    }
    var nearest = nearest(candidates, target);
    if (nearest == null) {
      return "no node has a model of the tier " + target.label();
    }
    var place = nearest.model() + " on " + nearest.node();
    if (nearest.verdict().rejected()) {
      var why = why(nearest.verdict(), target);
      return "no model of the tier %s could take it; %s: %s".formatted(target.label(), place, why);
    }
    var margin = Flip.Margin.between(best, nearest);
    return String.format(
        Locale.ROOT,
        "the best of the tier %s, %s, scores %.3f less, most in %s",
        target.label(),
        place,
        Math.max(0, margin.score()),
        margin.term());
  }

  private static String why(Verdict verdict, Tier target) {
    return verdict == Verdict.OTHER_TIER
        ? "the rest of a broken answer is not made in the tier " + target.label()
        : verdict.why();
  }

  /** The candidate of a tier that came nearest to being chosen; null if there is none. */
  private static @Nullable Candidate nearest(List<Candidate> candidates, Tier tier) {
    Candidate nearest = null;
    for (var candidate : candidates) {
      if (candidate.tier() == tier && (nearest == null || isNearer(candidate, nearest))) {
        nearest = candidate;
      }
    }
    return nearest;
  }

  private static boolean isNearer(Candidate candidate, Candidate than) {
    boolean rejected = candidate.verdict().rejected();
    return rejected == than.verdict().rejected()
        ? !rejected && Decider.compare(candidate, than) < 0
        : !rejected;
  }
}
