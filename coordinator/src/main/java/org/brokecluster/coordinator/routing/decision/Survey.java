package org.brokecluster.coordinator.routing.decision;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.brokecluster.coordinator.history.learning.Learned;
import org.brokecluster.coordinator.routing.ask.Question;
import org.brokecluster.coordinator.routing.ask.Selection;
import org.brokecluster.coordinator.routing.filter.Caution;
import org.brokecluster.coordinator.routing.filter.Filters;
import org.brokecluster.coordinator.routing.filter.Scope;
import org.brokecluster.coordinator.routing.filter.Verdict;
import org.brokecluster.coordinator.routing.ledger.NodeWork;
import org.brokecluster.coordinator.routing.quality.QualityPrediction;
import org.brokecluster.coordinator.routing.scorer.Tuning;
import org.brokecluster.coordinator.routing.state.NodeSpots;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.node.AttemptFailure;
import org.jspecify.annotations.Nullable;

/**
 * One look at every model on every node, for one question: who is out, and what stands in the way
 * of the others. There may be thousands of places, so what holds for a whole node is asked once for
 * each node, and an idle node is asked nothing that only a busy one could answer. Used once.
 */
final class Survey {
  private final Question question;
  private final Board board;
  private final Tuning tuning;
  private final QualityPrediction.ForRequest quality;
  private final int contextAbove;
  private final boolean rest;

  /** Of the node that is being looked at: attempts of each of its models, by position. */
  private int[] inFlight = new int[16];

  /** What is known of models, at the position where each was met last: mostly the same again. */
  private @Nullable About[] about = new About[0];

  /** What stands in the way of each model that is in memory and has nothing to do. */
  private @Nullable Pressure free;

  private double loading;
  private double allLeft;
  private int waiting;

  /**
   * What all nodes have in common of a model.
   *
   * @param perSecond requests for it lately
   * @param copies nodes that have it in memory
   */
  private record About(ModelId model, Learned learned, double perSecond, int copies) {}

  Survey(Question question, Board board, Tuning tuning, QualityPrediction quality) {
    this.question = question;
    this.board = board;
    this.tuning = tuning;
    this.quality = quality.of(question.facts().profile(), question.target());
    this.contextAbove = contextAbove(question, board);
    this.rest = question.selection() instanceof Selection.Rest;
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
  List<Candidate> round(Scope scope, Caution risk) {
    int places = 0;
    for (var node : board.snapshot().nodes()) {
      places += node.spots().size();
    }
    var candidates = new ArrayList<Candidate>(places);
    for (var node : board.snapshot().nodes()) {
      var nodeVerdict = Filters.ofNode(question, node.state());
      var work = board.ledger().work(node.state().name());
      look(node, work);
      var spots = node.spots();
      for (int i = 0; i < spots.size(); i++) {
        var spot = spots.get(i);
        var verdict = Filters.ofSpot(question, scope, spot, contextAbove);
        verdict = verdict == null ? ofPast(spot, risk) : verdict;
        verdict = verdict == null ? nodeVerdict : verdict;
        verdict = verdict == null ? ofBoard(spot) : verdict;
        candidates.add(
            verdict == null ? contender(node, spot, work) : Candidate.rejected(spot, verdict));
      }
    }
    return candidates;
  }

  /** Asks what all places of a node have in common. */
  private void look(NodeSpots node, NodeWork work) {
    var spots = node.spots();
    free = null;
    waiting = board.ahead().waiting(node.state().name());
    boolean idle = work.total() == 0;
    allLeft = idle ? 0 : work.leftMs(board.nowMillis());
    if (inFlight.length < spots.size()) {
      inFlight = new int[2 * spots.size()];
    }
    if (about.length < spots.size()) {
      about = Arrays.copyOf(about, 2 * spots.size());
    }
    for (int i = 0; i < spots.size(); i++) {
      inFlight[i] = idle ? 0 : work.inFlight(spots.get(i).model());
    }
    loading = 0;
    for (int i = 0; i < spots.size() && !(idle && !node.loading()); i++) {
      var spot = spots.get(i);
      loading += spot.state() == ModelState.LOADED ? 0 : ownLoadMs(spot, work);
    }
  }

  private @Nullable Verdict ofPast(Spot spot, Caution risk) {
    if (question.avoid().isEmpty()
        || Caution.of(question.avoid(), spot, rest).compareTo(risk) <= 0) {
      return null;
    }
    var tried = Caution.strongest(question.avoid(), spot, rest);
    return tried == null ? null : Verdict.avoided(tried.why());
  }

  private @Nullable Verdict ofBoard(Spot spot) {
    if (board.resting().test(spot)) {
      return Verdict.REFUSED_LATELY;
    }
    return board.broken().test(spot) ? Verdict.BREAKER_OPEN : null;
  }

  private Candidate contender(NodeSpots node, Spot spot, NodeWork work) {
    double load = 0;
    double evicted = 0;
    boolean blocked = false;
    if (spot.state() != ModelState.LOADED) {
      double own = ownLoadMs(spot, work);
      load = own > 0 ? own : loading + spot.loadMs();
      if (spot.state() == ModelState.DISK && inFlight[spot.position()] == 0) {
        if (!node.fitsWhenIdle(spot)) {
          return Candidate.rejected(spot, Verdict.TOO_LARGE);
        }
        blocked = work.total() > 0 && !node.fits(spot, each -> inFlight[each.position()] > 0);
        evicted = evictedMs(node, spot, work, load);
      }
    }
    blocked |= board.gate().shut(node, spot, work);
    var pressure = pressure(node, spot, work, load, evicted, blocked);
    int cached = board.cached().tokens(spot);
    return Candidate.contender(
        question, spot, pressure, cached, about(spot).learned(), tuning, quality);
  }

  private Pressure pressure(
      NodeSpots node, Spot spot, NodeWork work, double load, double evicted, boolean blocked) {
    int running = inFlight[spot.position()];
    int displaced = board.cached().displaced(spot);
    boolean plain = running == 0 && !blocked && displaced == 0 && spot.state() == ModelState.LOADED;
    if (plain && free != null) {
      return free;
    }
    boolean full = running >= spot.slots();
    double ownLeft = running == 0 ? 0 : work.leftMs(spot.model(), board.nowMillis());
    var pressure =
        new Pressure(
            running,
            work.total(),
            node.widest(),
            work.busyModels() - (running > 0 ? 1 : 0),
            full || blocked ? board.ahead().of(spot) : 0,
            waiting,
            soonestMs(spot, work, full, blocked),
            ownLeft,
            allLeft - ownLeft,
            displaced,
            evicted,
            load,
            blocked);
    free = plain ? pressure : free;
    return pressure;
  }

  private double soonestMs(Spot spot, NodeWork work, boolean full, boolean blocked) {
    if (blocked) {
      return work.soonestMs(board.nowMillis());
    }
    return full ? work.soonestMs(spot.model(), board.nowMillis()) : -1;
  }

  private About about(Spot spot) {
    var known = about[spot.position()];
    if (known == null || !known.model().equals(spot.model())) {
      var model = spot.model();
      known =
          new About(
              model,
              question.knowledge().of(model),
              board.wanted().perSecond(model),
              board.snapshot().copiesInMemory(model));
      about[spot.position()] = known;
    }
    return known;
  }

  /**
   * What others lose when models leave the memory for this one, in milliseconds: the time of
   * loading them again, and what those wait, at the rate of late, who ask for them in the meantime,
   * shared by the other nodes that have them in memory.
   */
  private double evictedMs(NodeSpots node, Spot spot, NodeWork work, double loadMs) {
    var leaving =
        work.total() == 0
            ? node.evictedWhenIdle(spot)
            : node.evicted(spot, each -> inFlight[each.position()]);
    double ms = 0;
    for (int i = 0; i < leaving.size(); i++) {
      var gone = leaving.get(i);
      double reload = gone.speed().loadSeconds() * 1000;
      var model = about(gone);
      double waited = 0;
      if (model.perSecond() > 0) {
        double away = loadMs + serviceMs(spot) + reload;
        double come = model.perSecond() * away / 1000;
        waited = come * away / 2 / Math.max(1, model.copies() - 1);
      }
      ms += reload + waited;
    }
    return ms;
  }

  /** How long the request takes alone, in milliseconds. */
  private double serviceMs(Spot spot) {
    var speed = spot.speed();
    return 1000.0 * question.facts().promptTokens() / speed.prefillTokensPerSecond()
        + 1000.0 * question.facts().expectedTokens() / speed.decodeTokensPerSecond();
  }

  /** Rest of a load that is under way, in milliseconds; 0 if none is. */
  private double ownLoadMs(Spot spot, NodeWork work) {
    if (spot.state() == ModelState.LOADING) {
      return spot.loadMs();
    }
    if (inFlight[spot.position()] == 0) {
      return 0;
    }
    double since = work.oldestMs(spot.model(), board.nowMillis());
    return since < 0 ? 0 : Math.max(spot.loadMs() - since, spot.loadMs() / 10);
  }
}
