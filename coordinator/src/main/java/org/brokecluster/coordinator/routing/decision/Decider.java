package org.brokecluster.coordinator.routing.decision;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.brokecluster.coordinator.routing.ask.Question;
import org.brokecluster.coordinator.routing.filter.Caution;
import org.brokecluster.coordinator.routing.filter.Scope;
import org.brokecluster.coordinator.routing.quality.QualityPrediction;
import org.brokecluster.coordinator.routing.scorer.Contest;
import org.brokecluster.coordinator.routing.scorer.Strategies;
import org.brokecluster.coordinator.routing.scorer.Strategy;
import org.brokecluster.coordinator.routing.scorer.TierDistance;
import org.brokecluster.coordinator.routing.scorer.Tuning;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Tier;
import org.jspecify.annotations.Nullable;

/**
 * Decides one request: filter, predict, score, pick. Pure: the same question on the same board
 * gives the same decision. The formulas are in the README beside the package and at {@link
 * Forecast}, {@link Candidate} and {@link QualityPrediction}.
 */
public final class Decider {
  private final Tuning tuning;
  private final QualityPrediction quality;

  /** With the operator's figures. */
  public Decider(Tuning tuning, QualityPrediction quality) {
    this.tuning = tuning;
    this.quality = quality;
  }

  /** Decides; a place whose breaker is open is better than none. */
  public Decision decide(Question question, Board board) {
    var decision = decideOnce(question, board);
    return decision instanceof Decision.None none && none.breakersOpen()
        ? decideOnce(question, board.trusting())
        : decision;
  }

  private Decision decideOnce(Question question, Board board) {
    List<Candidate> candidates = List.of();
    var named = new ArrayList<List<Candidate>>();
    Decision crowded = null;
    var survey = new Survey(question, board, tuning, quality);
    for (var scope : Scope.rounds(question.selection())) {
      candidates = survey.round(scope, Caution.NONE);
      var contest = prepare(question, candidates);
      if (contest == null && !question.avoid().isEmpty()) {
        candidates = survey.round(scope, Caution.LAST_RESORT);
        contest = prepare(question, candidates);
      }
      if (contest != null) {
        var picked = Pick.of(question, board, candidates);
        if (!(picked instanceof Decision.None)) {
          return picked;
        }
        crowded = crowded == null ? picked : crowded;
      }
      named.add(candidates);
    }
    return crowded != null ? crowded : Refusing.decide(question, board.snapshot(), eachOnce(named));
  }

  /** Every place once, with the first verdict of a round it was meant in, else with the last. */
  private static List<Candidate> eachOnce(List<List<Candidate>> rounds) {
    if (rounds.size() == 1) {
      return rounds.get(0);
    }
    record Place(NodeId node, ModelId model) {}
    var places = new LinkedHashMap<Place, Candidate>();
    for (var round : rounds) {
      for (var candidate : round) {
        places.merge(
            new Place(candidate.node(), candidate.model()),
            candidate,
            (before, later) -> before.verdict().meant() ? before : later);
      }
    }
    return List.copyOf(places.values());
  }

  /**
   * The smallest simple change that would make the runner-up win.
   *
   * @param winner the winner of a decision
   * @param runnerUp the second best of the same decision
   */
  Flip flip(Question question, List<Candidate> candidates, Candidate winner, Candidate runnerUp) {
    var contest = Objects.requireNonNull(contest(question, candidates), "a winner contends");
    for (int fewer = 1; fewer <= runnerUp.inFlight(); fewer++) {
      var pressure = runnerUp.pressure().withFewer(fewer);
      if (wins(question, contest, runnerUp, pressure, winner)) {
        return new Flip.FewerAttempts(runnerUp.node(), runnerUp.model(), fewer);
      }
    }
    if (runnerUp.loadMs() > 0
        && wins(question, contest, runnerUp, runnerUp.pressure().loaded(), winner)) {
      return new Flip.Loaded(runnerUp.node(), runnerUp.model());
    }
    var other = otherStrategy(question, contest, candidates, runnerUp);
    return other == null
        ? Flip.Margin.between(winner, runnerUp)
        : new Flip.OtherStrategy(other.name());
  }

  /** The strategy nearest to the one in force by which a candidate would be the best; or null. */
  private static @Nullable Strategy otherStrategy(
      Question question, Contest contest, List<Candidate> candidates, Candidate wanted) {
    for (var strategy : Strategies.others(question.strategy())) {
      double score = strategy.score(wanted, contest) + bonus(question, wanted);
      boolean best =
          candidates.stream()
              .filter(each -> !each.rejected() && each != wanted)
              .allMatch(each -> strategy.score(each, contest) + bonus(question, each) < score);
      if (best) {
        return strategy;
      }
    }
    return null;
  }

  private boolean wins(
      Question question, Contest contest, Candidate runnerUp, Pressure pressure, Candidate winner) {
    var forRequest = quality.of(question.facts().profile(), question.target());
    var changed = runnerUp.under(question, pressure, tuning, forRequest);
    changed.scored(question.strategy().score(changed, contest) + bonus(question, changed));
    return compare(changed, winner) < 0;
  }

  private static @Nullable Contest prepare(Question question, List<Candidate> candidates) {
    var contest = contest(question, candidates);
    if (contest == null) {
      return null;
    }
    var strategy = question.strategy();
    boolean stays = strategy.waitsForBetter() && question.knowledge().staysWith() != null;
    int places = 0;
    for (int i = 0; i < candidates.size(); i++) {
      var candidate = candidates.get(i);
      if (!candidate.rejected()) {
        if (candidate.tier() == contest.nearest()) {
          candidate.placed(places++);
        }
        double score = strategy.score(candidate, contest);
        candidate.scored(stays ? score + bonus(question, candidate) : score);
      }
    }
    return contest;
  }

  /** What a candidate's score gains because the conversation has its model already. */
  static double bonus(Question question, Candidate candidate) {
    var knowledge = question.knowledge();
    return question.strategy().waitsForBetter() && candidate.model().equals(knowledge.staysWith())
        ? knowledge.stayMargin()
        : 0;
  }

  /** What all contenders have in common; null if there are none. */
  private static @Nullable Contest contest(Question question, List<Candidate> candidates) {
    Tier nearest = null;
    int distance = Integer.MAX_VALUE;
    int places = 0;
    for (int i = 0; i < candidates.size(); i++) {
      var candidate = candidates.get(i);
      if (candidate.rejected()) {
        continue;
      }
      if (candidate.tier() == nearest) {
        places++;
      } else {
        int each = distance(candidate.tier(), question.target());
        if (each < distance) {
          nearest = candidate.tier();
          distance = each;
          places = 1;
        }
      }
    }
    return nearest == null
        ? null
        : new Contest(question.facts(), question.target(), nearest, places, question.turn());
  }

  /** Twice the distance of two tiers, the higher one of two equally near ones first. */
  private static int distance(Tier tier, Tier target) {
    int steps = TierDistance.up(target, tier);
    return steps >= 0 ? 2 * steps : -2 * steps + 1;
  }

  /** Better first: by score, then model, then node. */
  static int compare(Candidate a, Candidate b) {
    int byScore = Double.compare(b.score(), a.score());
    if (byScore != 0) {
      return byScore;
    }
    int byModel = a.model().equals(b.model()) ? 0 : a.model().compareTo(b.model());
    return byModel != 0 ? byModel : a.node().compareTo(b.node());
  }
}
