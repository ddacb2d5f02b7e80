package org.brokecluster.coordinator.router;

import akka.actor.typed.ActorRef;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.brokecluster.coordinator.breaker.BreakerLimits;
import org.brokecluster.coordinator.history.EventSink;
import org.brokecluster.coordinator.history.event.LearnedFigures;
import org.brokecluster.coordinator.history.event.LearningTerms;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.routing.Effect;
import org.brokecluster.coordinator.routing.Moment;
import org.brokecluster.coordinator.routing.RouterCore;
import org.brokecluster.coordinator.routing.RouterSettings;
import org.brokecluster.coordinator.routing.Submission;
import org.brokecluster.coordinator.routing.scorer.Strategies;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.router.RouterProtocol;
import org.brokecluster.protocol.state.LearningStatus;
import org.brokecluster.protocol.state.NodeFacts;
import org.brokecluster.protocol.state.RouterStatus;
import org.brokecluster.shared.Version;
import org.jspecify.annotations.Nullable;

/**
 * One term of the router: the core, what runs its effects, and the status it publishes. Used by the
 * {@link RouterActor} only, on its thread.
 */
final class Reign {
  private static final Duration STATUS_INTERVAL = Duration.ofSeconds(1);
  private static final int MODELS_MAX = 50;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private final RouterCore core;
  private final EventSink sink;
  private final EffectRunner effects;
  private final NodeFeed feed = new NodeFeed();
  private final ActorRef<TermKeeperActor.Command> keeper;
  private final String selfAddress;
  private final Supplier<Moment> clock;
  private final BreakerLimits breaker;
  private final LearningTerms learning;
  private RouterStatus status;
  private long statusMillis;

  Reign(
      RouterSettings settings,
      Strategies strategies,
      RouterStatus status,
      EventSink sink,
      ActorRef<RouterProtocol.Command> router,
      ActorRef<NodeProtocol.Done> answers,
      ActorRef<TermKeeperActor.Command> keeper,
      String selfAddress,
      Supplier<Moment> clock) {
    this.status = status;
    this.sink = sink;
    this.effects = new EffectRunner(router, answers, sink);
    this.keeper = keeper;
    this.selfAddress = selfAddress;
    this.clock = clock;
    this.breaker = settings.breaker().limits();
    this.learning = settings.learned().terms();
    var now = clock.get();
    this.statusMillis = now.millis();
    this.core = new RouterCore(status.term(), settings, strategies, status.strategy(), now);
  }

  /** The first status of a term; the strategy in force survives a change of routers. */
  static RouterStatus firstStatus(
      long term,
      @Nullable RouterStatus before,
      NodeId self,
      RouterSettings settings,
      Strategies strategies) {
    var strategy =
        before != null && strategies.find(before.strategy()).isPresent()
            ? before.strategy()
            : settings.strategy();
    return new RouterStatus(
        NodeFacts.PROTOCOL_VERSION,
        term,
        1,
        self,
        strategy,
        strategies.names(),
        Map.of(),
        Map.of(),
        "ok",
        0,
        0);
  }

  void reconfigure(RouterSettings before, RouterSettings next, Strategies strategies) {
    effects.run(core.reconfigure(clock.get(), before, next, strategies));
  }

  void begin(ClusterView view) {
    var now = clock.get();
    sink.emit(
        new RoutingEvent.TermStarted(
            now.at(),
            core.term(),
            status.coordinator(),
            core.strategy(),
            Version.current(),
            breaker,
            learning));
    seen(view);
  }

  long term() {
    return core.term();
  }

  /** Goes on with what earlier routers learned. */
  void takeOver(LearnedFigures figures) {
    effects.run(core.takeOver(clock.get(), figures));
  }

  void seen(ClusterView view) {
    effects.view(view);
    effects.run(feed.feed(core, view, clock.get()));
  }

  void tick() {
    var now = clock.get();
    effects.run(core.tick(now));
    publish(now);
  }

  /** Highest term above the own one that a node knows; 0 while there is none. */
  long staleSeen() {
    return effects.staleSeen();
  }

  void handle(RouterProtocol.Command message) {
    if (message instanceof RouterProtocol.DryRun order) {
      order.replyTo().tell(explained(core.dryRun(clock.get(), order.facts())));
    } else if (message instanceof RouterProtocol.GetDecision question) {
      question.replyTo().tell(explained(core.explain(question.request()).orElse(null)));
    } else if (message instanceof RouterProtocol.GetPlan question) {
      question.replyTo().tell(explained(core.plan(clock.get())));
    } else if (message instanceof RouterProtocol.SetStrategy order) {
      setStrategy(order);
    } else if (message instanceof RouterProtocol.Rate order) {
      effects.run(core.rated(rated(order)));
      order.replyTo().tell(new RouterProtocol.RatingNoted(order.request()));
    } else {
      effects.run(route(clock.get(), message));
    }
  }

  private RoutingEvent.Rated rated(RouterProtocol.Rate order) {
    return new RoutingEvent.Rated(
        clock.get().at(),
        order.request(),
        order.score(),
        order.model(),
        order.tier(),
        order.outcome() ? true : null);
  }

  private List<Effect> route(Moment now, RouterProtocol.Command message) {
    if (message instanceof RouterProtocol.Submit submit) {
      return core.submit(now, submission(submit));
    }
    if (message instanceof RouterProtocol.AttemptClosed closed) {
      return core.attemptClosed(now, closed.attempt(), closed.term(), closed.number());
    }
    if (message instanceof RouterProtocol.AttemptStarted started) {
      return core.attemptStarted(now, started.attempt(), started.term(), started.number());
    }
    if (message instanceof RouterProtocol.Report report) {
      return core.report(now, report.report(), EdgeRef.of(report.edge(), selfAddress));
    }
    if (message instanceof RouterProtocol.Withdraw withdraw) {
      return core.withdraw(now, withdraw.request());
    }
    if (message instanceof RouterProtocol.TicketRefused refused) {
      return core.ticketRefused(
          now,
          refused.attempt(),
          refused.term(),
          refused.number(),
          refused.reason(),
          refused.termSeen());
    }
    return List.of();
  }

  private Submission submission(RouterProtocol.Submit submit) {
    return new Submission(
        submit.attempt(),
        submit.facts(),
        submit.remainingMs(),
        submit.avoid(),
        submit.continues(),
        submit.beside(),
        EdgeRef.of(submit.edge(), selfAddress));
  }

  private void setStrategy(RouterProtocol.SetStrategy order) {
    var changed = core.setStrategy(clock.get(), order.strategy());
    changed.ifPresent(effects::run);
    order
        .replyTo()
        .tell(
            new RouterProtocol.StrategySet(
                changed.isPresent(), core.strategy(), core.strategies()));
  }

  private static RouterProtocol.Explained explained(@Nullable Object document) {
    try {
      return new RouterProtocol.Explained(
          document == null ? null : JSON.writeValueAsString(document));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an explanation is always JSON", e);
    }
  }

  /** Publishes the status if it has changed, at most once a second. */
  private void publish(Moment now) {
    if (now.millis() - statusMillis < STATUS_INTERVAL.toMillis()) {
      return;
    }
    if (!latestStatus(status.sequence(), now).equals(status)) {
      status = latestStatus(status.sequence() + 1, now);
      statusMillis = now.millis();
      keeper.tell(new TermKeeperActor.Publish(status));
    }
  }

  private RouterStatus latestStatus(long sequence, Moment now) {
    var health = sink.health();
    return new RouterStatus(
        NodeFacts.PROTOCOL_VERSION,
        core.term(),
        sequence,
        status.coordinator(),
        core.strategy(),
        core.strategies(),
        queuedByModel(),
        core.ticketsByNode(),
        health.state(),
        health.backlog(),
        health.lost(),
        core.queueStatus(now),
        sink.site(),
        new LearningStatus(core.learning().promiseFigures(), core.learning().size()));
  }

  /** The gossiped map stays small whatever clients call their models. */
  private Map<String, Integer> queuedByModel() {
    var all = core.queuedByModel();
    if (all.size() <= MODELS_MAX) {
      return all;
    }
    var few = new LinkedHashMap<String, Integer>();
    all.forEach(
        (model, count) ->
            few.merge(few.size() < MODELS_MAX ? model : "(others)", count, Integer::sum));
    return few;
  }
}
