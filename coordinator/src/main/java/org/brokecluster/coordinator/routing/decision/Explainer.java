package org.brokecluster.coordinator.routing.decision;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.brokecluster.coordinator.history.event.ByPlan;
import org.brokecluster.coordinator.routing.ask.Question;
import org.brokecluster.coordinator.routing.filter.Verdict;
import org.brokecluster.coordinator.routing.parameters.ParameterTable;
import org.brokecluster.coordinator.routing.scorer.QualityColor;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.router.Parameters;
import org.jspecify.annotations.Nullable;

/** Puts a decision into words and figures. */
public final class Explainer {
  /** Rows in one explanation, so that the document stays below 200 KiB. */
  static final int ROWS_MAX = 250;

  private final Decider decider;
  private final ParameterTable parameters;

  /** With the decider that made the decisions, and the parameters that were filled in. */
  public Explainer(Decider decider, ParameterTable parameters) {
    this.decider = decider;
    this.parameters = parameters;
  }

  /**
   * Explains a decision.
   *
   * @param attempt the attempt decided, or null for a dry run
   * @param byPlan the plan's part in it; null where it had none
   */
  public Explanation explain(
      Decision decision,
      @Nullable AttemptId attempt,
      @Nullable ByPlan byPlan,
      Instant at,
      long term) {
    var best = decision.best();
    var ranked = ranked(decision);
    var rows = new ArrayList<Explanation.Row>();
    for (var candidate : ranked.subList(0, Math.min(ROWS_MAX, ranked.size()))) {
      rows.add(row(candidate, best));
    }
    return new Explanation(
        attempt == null ? null : attempt.request(),
        attempt == null ? null : attempt.number(),
        at,
        term,
        outcome(decision),
        message(decision),
        decision.question().facts().profile(),
        asked(decision.question()),
        best == null ? null : place(decision, best, byPlan),
        rows,
        ranked.size() - rows.size(),
        lost(decision.candidates(), ranked.subList(rows.size(), ranked.size())),
        flip(decision),
        because(decision));
  }

  private static @Nullable String because(Decision decision) {
    if (!(decision instanceof Decision.Chosen chosen) || chosen.because() == Because.SCORE) {
      return null;
    }
    return chosen.because().why();
  }

  private static List<Candidate> ranked(Decision decision) {
    var ranked = new ArrayList<Candidate>();
    for (var candidate : decision.candidates()) {
      if (candidate.verdict().meant()) {
        ranked.add(candidate);
      }
    }
    ranked.sort(
        (a, b) ->
            a.verdict().rejected() != b.verdict().rejected()
                ? Boolean.compare(a.verdict().rejected(), b.verdict().rejected())
                : Decider.compare(a, b));
    return ranked;
  }

  private static String outcome(Decision decision) {
    if (decision instanceof Decision.Chosen) {
      return "chosen";
    }
    return decision instanceof Decision.Waiting ? "waiting" : "refused";
  }

  private static String message(Decision decision) {
    if (decision instanceof Decision.None none) {
      return none.message();
    }
    var best = decision.best();
    if (best == null) {
      return "nothing was decided";
    }
    var place = best.model() + " on " + best.node();
    return decision instanceof Decision.Waiting waiting
        ? "waits for %s, about %.1f s to the first token".formatted(place, waiting.etaMs() / 1000.0)
        : place;
  }

  private static Explanation.Asked asked(Question question) {
    var facts = question.facts();
    return new Explanation.Asked(
        facts.model(),
        question.target(),
        TierNote.target(question),
        round(question.demand()),
        question.strategy().name(),
        facts.wishes().trafficClass().label(),
        facts.promptTokens(),
        facts.expectedTokens(),
        question.patience().waitedMs());
  }

  private @Nullable Parameters filledIn(Question question, Candidate best) {
    var filled = parameters.of(question.facts(), question.demand(), best.model());
    return filled.isEmpty() ? null : filled;
  }

  private Explanation.Place place(Decision decision, Candidate best, @Nullable ByPlan byPlan) {
    var question = decision.question();
    return new Explanation.Place(
        best.model(),
        best.node(),
        best.tier(),
        question.strategy().name(),
        best.promised().firstTokenMs(),
        best.promised().finishMs(),
        round(best.temperature()),
        QualityColor.of(best.temperature()),
        best.promised().promise(),
        filledIn(question, best),
        byPlan,
        TierNote.other(question, decision.candidates(), best));
  }

  private static Explanation.Row row(Candidate candidate, @Nullable Candidate best) {
    boolean rejected = candidate.verdict().rejected();
    return new Explanation.Row(
        candidate.model(),
        candidate.node(),
        candidate.tier(),
        candidate.spot().state(),
        candidate.verdict(),
        why(candidate, best),
        candidate.inFlight(),
        candidate.spot().slots(),
        rejected ? null : round(candidate.score()),
        rejected ? null : round(candidate.temperature()),
        rejected ? null : QualityColor.of(candidate.temperature()),
        rejected ? null : Math.round(candidate.firstTokenMs()),
        rejected ? null : Math.round(candidate.finishMs()),
        rejected ? null : terms(candidate),
        rejected ? null : times(candidate),
        candidate.learned().inWords().isEmpty() ? null : candidate.learned().inWords());
  }

  private static String why(Candidate candidate, @Nullable Candidate best) {
    var verdict = candidate.verdict();
    var away = candidate.spot().away();
    if (verdict == Verdict.DRAINING && away != null) {
      return verdict.why() + ": " + away;
    }
    boolean compared = verdict == Verdict.OUTSCORED || verdict == Verdict.NO_ROOM;
    if (!compared || best == null) {
      return verdict.why();
    }
    var margin = Flip.Margin.between(best, candidate);
    var behind =
        String.format(
            Locale.ROOT, "%.3f behind, most in %s", Math.max(0, margin.score()), margin.term());
    return verdict == Verdict.OUTSCORED
        ? behind
        : String.format(
            Locale.ROOT,
            "no room now, about %.1f s until there is; %s",
            candidate.waitMs() / 1000,
            behind);
  }

  private static Explanation.Terms terms(Candidate candidate) {
    return new Explanation.Terms(
        round(candidate.quality()),
        round(candidate.speed()),
        round(candidate.cost()),
        round(candidate.load()));
  }

  private static Explanation.Times times(Candidate candidate) {
    return new Explanation.Times(
        Math.round(candidate.waitMs()),
        Math.round(candidate.loadMs()),
        Math.round(candidate.prefillMs()),
        Math.round(candidate.decodeMs()),
        Math.round(candidate.harmMs()),
        candidate.cachedTokens());
  }

  /** Counts what has no row: candidates that were not meant, and those there was no room for. */
  private static Map<String, Integer> lost(List<Candidate> candidates, List<Candidate> omitted) {
    var counts = new EnumMap<Verdict, Integer>(Verdict.class);
    for (var candidate : candidates) {
      if (!candidate.verdict().meant()) {
        counts.merge(candidate.verdict(), 1, Integer::sum);
      }
    }
    for (var candidate : omitted) {
      counts.merge(candidate.verdict(), 1, Integer::sum);
    }
    var lost = new TreeMap<String, Integer>();
    counts.forEach((verdict, count) -> lost.put(verdict.label(), count));
    return lost;
  }

  private @Nullable String flip(Decision decision) {
    if (decision instanceof Decision.Chosen chosen && chosen.runnerUp() != null) {
      return flip(decision, chosen.winner(), chosen.runnerUp());
    }
    if (decision instanceof Decision.Waiting waiting && waiting.runnerUp() != null) {
      return flip(decision, waiting.winner(), waiting.runnerUp());
    }
    return null;
  }

  private String flip(Decision decision, Candidate winner, Candidate runnerUp) {
    return decider.flip(decision.question(), decision.candidates(), winner, runnerUp).inWords();
  }

  private static double round(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
