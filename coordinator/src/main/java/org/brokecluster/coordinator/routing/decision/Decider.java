package org.brokecluster.coordinator.routing.decision;

import java.util.ArrayList;
import java.util.List;
import org.brokecluster.coordinator.routing.ask.Question;
import org.brokecluster.coordinator.routing.ask.Selection;
import org.brokecluster.coordinator.routing.filter.Caution;
import org.brokecluster.coordinator.routing.filter.Filters;
import org.brokecluster.coordinator.routing.filter.Scope;
import org.brokecluster.coordinator.routing.filter.Verdict;
import org.brokecluster.coordinator.routing.ledger.NodeWork;
import org.brokecluster.coordinator.routing.quality.QualityPrediction;
import org.brokecluster.coordinator.routing.scorer.Contest;
import org.brokecluster.coordinator.routing.scorer.TierDistance;
import org.brokecluster.coordinator.routing.scorer.Tuning;
import org.brokecluster.coordinator.routing.state.NodeSpots;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.node.AttemptFailure;
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
    var named = new ArrayList<Candidate>();
    Decision crowded = null;
    int contextAbove = contextAbove(question, board);
    for (var scope : Scope.rounds(question.selection())) {
      candidates = round(question, scope, board, contextAbove, Caution.NONE);
      var contest = prepare(question, candidates);
      if (contest == null && !question.avoid().isEmpty()) {
        candidates = round(question, scope, board, contextAbove, Caution.LAST_RESORT);
        contest = prepare(question, candidates);
      }
      if (contest != null) {
        var picked = Pick.of(question, board, candidates);
        if (!(picked instanceof Decision.None)) {
          return picked;
        }
        crowded = crowded == null ? picked : crowded;
      }
      named.addAll(candidates);
    }
    return crowded != null ? crowded : Refusing.decide(question, board.snapshot(), named);
  }

  /**
   * The smallest simple change that would make the runner-up win.
   *
   * @param winner the winner of a decision
   * @param runnerUp the second best of the same decision
   */
  Flip flip(Question question, List<Candidate> candidates, Candidate winner, Candidate runnerUp) {
    var contest = contest(question, candidates);
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
    return Flip.Margin.between(winner, runnerUp);
  }

  private boolean wins(
      Question question, Contest contest, Candidate runnerUp, Pressure pressure, Candidate winner) {
    var changed = runnerUp.under(question, pressure, tuning, quality);
    changed.scored(question.strategy().score(changed, contest) + bonus(question, changed));
    return compare(changed, winner) < 0;
  }

  /** Longest context that was too short for the request; below 0 if none was. */
  private static int contextAbove(Question question, Board board) {
    int longest = -1;
    for (var tried : question.avoid()) {
      if (tried.why() == AttemptFailure.Kind.CONTEXT_LENGTH) {
        longest = Math.max(longest, question.facts().promptTokens());
        longest = Math.max(longest, board.snapshot().contextOf(tried.node(), tried.model()));
      }
    }
    return longest;
  }

  /**
   * Looks at every model on every node.
   *
   * @param risk the strongest caution that is put up with
   */
  private List<Candidate> round(
      Question question, Scope scope, Board board, int contextAbove, Caution risk) {
    var candidates = new ArrayList<Candidate>();
    for (var node : board.snapshot().nodes()) {
      var nodeVerdict = Filters.ofNode(question, node.state());
      var work = board.ledger().work(node.state().name());
      double loading = loadingMs(node, work, board.nowMillis());
      double allLeft = work.total() == 0 ? 0 : work.leftMs(board.nowMillis());
      for (var spot : node.spots()) {
        var verdict = Filters.ofSpot(question, scope, spot, contextAbove);
        verdict = verdict == null ? ofPast(question, spot, risk) : verdict;
        verdict = verdict == null ? nodeVerdict : verdict;
        verdict = verdict == null ? ofBoard(board, spot) : verdict;
        candidates.add(
            verdict == null
                ? contender(question, node, spot, work, loading, allLeft, board)
                : Candidate.rejected(spot, verdict));
      }
    }
    return candidates;
  }

  private static @Nullable Verdict ofPast(Question question, Spot spot, Caution risk) {
    boolean rest = question.selection() instanceof Selection.Rest;
    var caution = Caution.of(question.avoid(), spot, rest);
    return caution.compareTo(risk) > 0 ? Verdict.AVOIDED : null;
  }

  private static @Nullable Verdict ofBoard(Board board, Spot spot) {
    if (board.resting().test(spot)) {
      return Verdict.REFUSED_LATELY;
    }
    return board.broken().test(spot) ? Verdict.BREAKER_OPEN : null;
  }

  private Candidate contender(
      Question question,
      NodeSpots node,
      Spot spot,
      NodeWork work,
      double loading,
      double allLeft,
      Board board) {
    int inFlight = work.inFlight(spot.model());
    double load = 0;
    double evicted = 0;
    boolean blocked = false;
    if (spot.state() != ModelState.LOADED) {
      double own = ownLoadMs(spot, work, board.nowMillis());
      load = own > 0 ? own : loading + spot.loadMs();
      if (spot.state() == ModelState.DISK && inFlight == 0) {
        if (!node.fits(spot, each -> false)) {
          return Candidate.rejected(spot, Verdict.TOO_LARGE);
        }
        blocked = !node.fits(spot, each -> work.inFlight(each.model()) > 0);
        evicted = evictedMs(question, node, spot, work, load, board);
      }
    }
    boolean full = inFlight >= spot.slots();
    blocked |= board.gate().shut(node, spot, work);
    double soonest =
        blocked
            ? work.soonestMs(board.nowMillis())
            : full ? work.soonestMs(spot.model(), board.nowMillis()) : -1;
    int ahead = full || blocked ? board.ahead().of(spot) : 0;
    double ownLeft = inFlight == 0 ? 0 : work.leftMs(spot.model(), board.nowMillis());
    int otherBusy = work.busyModels() - (inFlight > 0 ? 1 : 0);
    var pressure =
        new Pressure(
            inFlight,
            work.total(),
            node.widest(),
            otherBusy,
            ahead,
            board.ahead().waiting(spot.node()),
            soonest,
            ownLeft,
            allLeft - ownLeft,
            board.cached().displaced(spot),
            evicted,
            load,
            blocked);
    return Candidate.contender(
        question, spot, pressure, board.cached().tokens(spot), tuning, quality);
  }

  /**
   * What others lose when models leave the memory for this one, in milliseconds: the time of
   * loading them again, and what those wait, at the rate of late, who ask for them in the meantime,
   * shared by the other nodes that have them in memory.
   */
  private static double evictedMs(
      Question question, NodeSpots node, Spot spot, NodeWork work, double loadMs, Board board) {
    double ms = 0;
    var speed = spot.speed();
    double service =
        1000.0 * question.facts().promptTokens() / speed.prefillTokensPerSecond()
            + 1000.0 * question.facts().expectedTokens() / speed.decodeTokensPerSecond();
    for (var gone : node.evicted(spot, each -> work.inFlight(each.model()))) {
      double reload = gone.speed().loadSeconds() * 1000;
      double away = loadMs + service + reload;
      double come = board.wanted().perSecond(gone.model()) * away / 1000;
      int left = Math.max(1, board.snapshot().copiesInMemory(gone.model()) - 1);
      ms += reload + come * away / 2 / left;
    }
    return ms;
  }

  /** Time until everything that loads on a node is loaded, in milliseconds. */
  private static double loadingMs(NodeSpots node, NodeWork work, long nowMillis) {
    double sum = 0;
    for (var spot : node.spots()) {
      if (spot.state() != ModelState.LOADED) {
        sum += ownLoadMs(spot, work, nowMillis);
      }
    }
    return sum;
  }

  /** Rest of a load that is under way, in milliseconds; 0 if none is. */
  private static double ownLoadMs(Spot spot, NodeWork work, long nowMillis) {
    if (spot.state() == ModelState.LOADING) {
      return spot.loadMs();
    }
    double since = work.oldestMs(spot.model(), nowMillis);
    return since < 0 ? 0 : Math.max(spot.loadMs() - since, spot.loadMs() / 10);
  }

  private @Nullable Contest prepare(Question question, List<Candidate> candidates) {
    boolean any = false;
    for (var candidate : candidates) {
      any |= !candidate.verdict().rejected();
    }
    if (!any) {
      return null;
    }
    var contest = contest(question, candidates);
    for (var candidate : candidates) {
      if (!candidate.verdict().rejected()) {
        candidate.scored(
            question.strategy().score(candidate, contest) + bonus(question, candidate));
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

  private static Contest contest(Question question, List<Candidate> candidates) {
    var nearest = Tier.BASIC;
    int distance = Integer.MAX_VALUE;
    for (var candidate : candidates) {
      int each = distance(candidate.tier(), question.target());
      if (!candidate.verdict().rejected() && each < distance) {
        distance = each;
        nearest = candidate.tier();
      }
    }
    int places = 0;
    for (var candidate : candidates) {
      if (!candidate.verdict().rejected() && candidate.tier() == nearest) {
        candidate.placed(places++);
      }
    }
    return new Contest(
        question.facts(), question.target(), nearest, Math.max(1, places), question.turn());
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
    int byModel = a.model().compareTo(b.model());
    return byModel != 0 ? byModel : a.node().compareTo(b.node());
  }
}
