package org.brokecluster.coordinator.routing.decision;

import org.brokecluster.coordinator.history.learning.ExplorationSettings;
import org.brokecluster.coordinator.routing.ask.Selection;
import org.brokecluster.coordinator.routing.filter.Verdict;
import org.brokecluster.protocol.id.AttemptId;
import org.jspecify.annotations.Nullable;

/**
 * Gives a small share of requests to a model of which little is known, so that ratings can tell
 * whether it is better than thought. Only where hardly anything is risked: another model of the
 * winner's tier, free, hardly worse in score and quality; for a first attempt that leaves the
 * choice of the model, has no conversation and no deadline. Which requests these are follows from
 * their ids, so that a replay explores the same.
 */
public final class Exploration {
  private static final double TWO_TO_53 = 0x1p53;
  private final ExplorationSettings settings;

  /** With the operator's bounds. */
  public Exploration(ExplorationSettings settings) {
    this.settings = settings;
  }

  /**
   * The same decision, or one for another of its candidates.
   *
   * @param deadline whether the client has set a time by which it wants its answer
   */
  public Decision.Chosen instead(Decision.Chosen chosen, AttemptId attempt, boolean deadline) {
    var question = chosen.question();
    boolean open =
        question.selection() instanceof Selection.Any
            || question.selection() instanceof Selection.OfTier;
    if (!open
        || deadline
        || attempt.number() != 1
        || question.facts().wishes().node() != null
        || question.knowledge().staysWith() != null
        || !question.strategy().waitsForBetter()
        || unit(attempt) >= settings.share()) {
      return chosen;
    }
    var other = leastKnown(chosen);
    if (other == null) {
      return chosen;
    }
    chosen.winner().decide(Verdict.OUTSCORED);
    other.decide(Verdict.CHOSEN);
    other.promise(
        question
            .knowledge()
            .times(other.model(), other.node(), other.firstTokenMs(), other.finishMs()));
    return new Decision.Chosen(
        question, chosen.candidates(), other, chosen.winner(), Because.EXPLORING);
  }

  private @Nullable Candidate leastKnown(Decision.Chosen chosen) {
    var winner = chosen.winner();
    Candidate least = null;
    for (var candidate : chosen.candidates()) {
      if (fits(candidate, winner)
          && (least == null
              || candidate.learned().weight() < least.learned().weight()
              || (candidate.learned().weight() == least.learned().weight()
                  && Decider.compare(candidate, least) < 0))) {
        least = candidate;
      }
    }
    return least;
  }

  private boolean fits(Candidate candidate, Candidate winner) {
    return candidate.free()
        && candidate.tier() == winner.tier()
        && !candidate.model().equals(winner.model())
        && candidate.learned().weight() < settings.until()
        && winner.score() - candidate.score() <= settings.margin()
        && winner.quality() - candidate.quality() <= settings.margin();
  }

  /** A number within 0 and 1 that is as good as random, and always the same for a request. */
  static double unit(AttemptId attempt) {
    long hash = 0xcbf29ce484222325L;
    var id = attempt.request().value();
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return ((hash ^ (hash >>> 33)) >>> 11) / TWO_TO_53;
  }
}
