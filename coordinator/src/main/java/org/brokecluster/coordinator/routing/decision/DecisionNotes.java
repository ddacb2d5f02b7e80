package org.brokecluster.coordinator.routing.decision;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.brokecluster.coordinator.history.event.CandidateNote;
import org.brokecluster.coordinator.history.event.RoutingEvent.Decided;
import org.brokecluster.coordinator.routing.filter.Verdict;

/** The short form of a decision that goes into the history. */
public final class DecisionNotes {
  private static final int CHARS_MAX = 1_400;
  private static final int CHARS_PER_NOTE = 130;

  private final List<CandidateNote> best;
  private final Map<String, Integer> lost;

  private DecisionNotes(List<CandidateNote> best, Map<String, Integer> lost) {
    this.best = best;
    this.lost = lost;
  }

  /** Notes of a decision: the winner first, then the best others, as many as fit. */
  public static DecisionNotes of(Decision.Chosen decision) {
    var ranked = best(decision);
    var notes = new ArrayList<CandidateNote>(ranked.size());
    int chars = 0;
    for (var candidate : ranked) {
      chars += CHARS_PER_NOTE;
      chars += candidate.model().value().length() + candidate.node().value().length();
      if (!notes.isEmpty() && chars > CHARS_MAX) {
        break;
      }
      notes.add(note(candidate));
    }
    return new DecisionNotes(notes, lost(decision.candidates(), ranked, notes.size()));
  }

  /** The best candidates, the chosen one first. */
  public List<CandidateNote> best() {
    return best;
  }

  /** How many further candidates fell out, by reason. */
  public Map<String, Integer> lost() {
    return lost;
  }

  /**
   * The best candidates that no filter threw out, by insertion: there are many, and few are kept.
   */
  private static List<Candidate> best(Decision.Chosen decision) {
    var best = new ArrayList<Candidate>(Decided.BEST_MAX + 1);
    best.add(decision.winner());
    for (var candidate : decision.candidates()) {
      boolean full = best.size() == Decided.BEST_MAX;
      if (candidate.rejected()
          || candidate == decision.winner()
          || (full && candidate.score() < best.get(best.size() - 1).score())) {
        continue;
      }
      int at = best.size();
      while (at > 1 && Decider.compare(candidate, best.get(at - 1)) < 0) {
        at--;
      }
      if (at < Decided.BEST_MAX) {
        best.add(at, candidate);
        if (best.size() > Decided.BEST_MAX) {
          best.remove(best.size() - 1);
        }
      }
    }
    return best;
  }

  private static Map<String, Integer> lost(
      List<Candidate> candidates, List<Candidate> ranked, int kept) {
    var counts = new EnumMap<Verdict, Integer>(Verdict.class);
    for (int from = 0; from < candidates.size(); ) {
      var verdict = candidates.get(from).verdict();
      int to = from + 1;
      while (to < candidates.size() && candidates.get(to).verdict() == verdict) {
        to++;
      }
      counts.merge(verdict, to - from, Integer::sum);
      from = to;
    }
    for (var candidate : ranked.subList(0, kept)) {
      counts.merge(candidate.verdict(), -1, Integer::sum);
    }
    var lost = new TreeMap<String, Integer>();
    counts.forEach(
        (verdict, count) -> {
          if (count > 0) {
            lost.put(verdict.label(), count);
          }
        });
    return lost;
  }

  private static CandidateNote note(Candidate candidate) {
    return new CandidateNote(
        candidate.model(),
        candidate.node(),
        round(candidate.score()),
        Math.round(candidate.firstTokenMs()),
        Math.round(candidate.finishMs()),
        round(candidate.temperature()),
        candidate.verdict().label());
  }

  private static double round(double value) {
    return Math.round(value * 10_000) / 10_000.0;
  }
}
