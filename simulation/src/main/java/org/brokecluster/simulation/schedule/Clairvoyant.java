package org.brokecluster.simulation.schedule;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.brokecluster.coordinator.routing.RouterSettings;
import org.brokecluster.coordinator.routing.ask.Patience;
import org.brokecluster.coordinator.routing.ask.Question;
import org.brokecluster.coordinator.routing.ask.Selection;
import org.brokecluster.coordinator.routing.decision.Board;
import org.brokecluster.coordinator.routing.decision.Decider;
import org.brokecluster.coordinator.routing.decision.Decision;
import org.brokecluster.coordinator.routing.demand.Demand;
import org.brokecluster.coordinator.routing.ledger.Ledger;
import org.brokecluster.coordinator.routing.quality.TierQuality;
import org.brokecluster.coordinator.routing.queue.Flow;
import org.brokecluster.coordinator.routing.scorer.Strategy;
import org.brokecluster.coordinator.routing.scorer.Tuning;
import org.brokecluster.coordinator.routing.state.Snapshot;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.TrafficClass;
import org.jspecify.annotations.Nullable;

/**
 * A reference that cannot exist: the product's decision with true lengths, true caches and the true
 * time that everything under way still takes, for whoever waits, shortest first. It is no bound: it
 * decides one request at a time, and cannot take back what it has begun.
 */
final class Clairvoyant implements Policy {
  private static final Flow NOBODY = new Flow(TrafficClass.INTERACTIVE, "");

  private final Strategy strategy;
  private final Tuning tuning;
  private final Decider decider;
  private final Map<String, Mac> byName = new HashMap<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private final Demand demand;
  private Snapshot snapshot = Snapshot.EMPTY;
  private @Nullable Stage stage;
  private boolean placing;
  private boolean again;

  private static final class Waiting {
    private final Job job;
    private final int attempt;
    private final RequestFacts facts;
    private @Nullable Spot awaited;

    Waiting(Job job, int attempt) {
      this.job = job;
      this.attempt = attempt;
      this.facts = Facts.known(job);
    }
  }

  Clairvoyant(Strategy strategy, RouterSettings settings) {
    this.strategy = strategy;
    this.tuning = settings.tuning();
    this.demand = new Demand(settings.demand());
    this.decider = new Decider(tuning, new TierQuality(tuning));
  }

  @Override
  public void begin(Stage on) {
    stage = on;
    for (var mac : on.macs()) {
      byName.put(mac.name(), mac);
      changed(mac);
    }
  }

  @Override
  public void comes(Job job, int attempt, @Nullable Mac lostOn) {
    waiting.add(new Waiting(job, attempt));
    waiting.sort(Comparator.comparingDouble(each -> shortestMs(each.job)));
    place();
  }

  /** Time the request would take alone, where it would take least. */
  private double shortestMs(Job job) {
    double least = Double.POSITIVE_INFINITY;
    for (var mac : stage().macs()) {
      var model = mac.model(job.model());
      if (model != null) {
        double read = (job.promptTokens() - model.cache().cached(job));
        double ms =
            read / model.speed().prefillTokensPerSecond()
                + job.answerTokens() / model.speed().decodeTokensPerSecond();
        least = Math.min(least, ms);
      }
    }
    return least;
  }

  @Override
  public void ended(Task task) {
    place();
  }

  @Override
  public void changed(Mac mac) {
    if (!mac.away()) {
      var state = Facts.state(mac, 1, 1, 0, List.of(), stage().nowMs());
      snapshot = snapshot.with(state);
      place();
    }
  }

  @Override
  public void left(Mac mac) {
    snapshot = snapshot.without(NodeId.of(mac.name()));
  }

  @Override
  public int waiting() {
    return waiting.size();
  }

  private void place() {
    if (placing) {
      again = true;
      return;
    }
    placing = true;
    do {
      again = false;
      for (var each : List.copyOf(waiting)) {
        if (someRoom(each.job)) {
          placeOne(each);
        }
      }
    } while (again);
    placing = false;
  }

  private boolean someRoom(Job job) {
    for (var mac : stage().macs()) {
      var model = mac.model(job.model());
      if (model != null && !mac.away() && mac.count(job.model()) < model.spec().slots()) {
        return true;
      }
    }
    return false;
  }

  private void placeOne(Waiting request) {
    var selection = new Selection.Named(List.of(ModelId.of(request.job.model())));
    var question =
        Question.of(request.facts, selection, List.of(), strategy, 0, Patience.FRESH, tuning);
    var decision = decider.decide(question, board(request));
    if (decision instanceof Decision.Chosen chosen) {
      waiting.remove(request);
      var mac = byName.get(chosen.winner().node().value());
      if (mac == null) {
        throw new IllegalStateException("no such Mac: " + chosen.winner().node());
      }
      long now = (long) stage().nowMs();
      double service = chosen.winner().prefillMs() + chosen.winner().decodeMs();
      demand.asked(chosen.winner().model(), service, Instant.ofEpochMilli(now), now);
      stage().give(request.job, request.attempt, mac);
    } else if (decision instanceof Decision.Waiting waits) {
      request.awaited = waits.winner().spot();
    }
  }

  private Board board(Waiting request) {
    return new Board(
        snapshot,
        ledger(),
        spot -> false,
        spot -> false,
        line(request),
        caches(request.job),
        model -> demand.perSecond(model, (long) stage().nowMs()),
        Board.Gate.OPEN,
        (long) stage().nowMs(),
        Long.MAX_VALUE / 8,
        Long.MAX_VALUE / 8);
  }

  private Board.Ahead line(Waiting request) {
    var byNode = new HashMap<NodeId, Integer>();
    for (var other : waiting) {
      var awaited = other.awaited;
      if (other != request && awaited != null) {
        byNode.merge(awaited.node(), 1, Integer::sum);
      }
    }
    return new Board.Ahead() {
      @Override
      public int of(Spot spot) {
        return ahead(request, spot);
      }

      @Override
      public int waiting(NodeId node) {
        return byNode.getOrDefault(node, 0);
      }
    };
  }

  private int ahead(Waiting request, Spot spot) {
    int ahead = 0;
    for (var other : waiting) {
      if (other == request) {
        return ahead;
      }
      var awaited = other.awaited;
      boolean same =
          awaited != null
              && awaited.node().equals(spot.node())
              && awaited.model().equals(spot.model());
      ahead += same ? 1 : 0;
    }
    return ahead;
  }

  private Board.Cached caches(Job job) {
    return new Board.Cached() {
      @Override
      public int tokens(Spot spot) {
        var cache = cache(spot);
        return cache == null ? 0 : cache.cached(job);
      }

      @Override
      public int displaced(Spot spot) {
        var cache = cache(spot);
        return cache == null ? 0 : cache.displaced(job);
      }
    };
  }

  private @Nullable PromptCache cache(Spot spot) {
    var mac = byName.get(spot.node().value());
    var model = mac == null ? null : mac.model(spot.model().value());
    return model == null ? null : model.cache();
  }

  private Ledger ledger() {
    var ledger = new Ledger();
    long now = (long) stage().nowMs();
    for (var mac : stage().macs()) {
      double since = stage().nowMs() - mac.nowMs();
      for (var task : mac.away() ? List.<Task>of() : mac.tasks()) {
        var attempt = new AttemptId(RequestId.of("j" + task.job().number()), task.attempt());
        var model = ModelId.of(task.job().model());
        double left = Math.max(0, mac.leftMs(task) - since);
        ledger.open(attempt, NodeId.of(mac.name()), model, NOBODY, now, left);
      }
    }
    return ledger;
  }

  private Stage stage() {
    var on = stage;
    if (on == null) {
      throw new IllegalStateException("the run has not begun");
    }
    return on;
  }
}
