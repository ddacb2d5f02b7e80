package org.brokecluster.coordinator.history;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.brokecluster.coordinator.breaker.BreakerLimits;
import org.brokecluster.coordinator.history.event.CandidateNote;
import org.brokecluster.coordinator.history.event.LearnedFigures;
import org.brokecluster.coordinator.history.event.LearningTerms;
import org.brokecluster.coordinator.history.event.Reckoning;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.event.RoutingEvent.Cancelled;
import org.brokecluster.coordinator.history.event.RoutingEvent.Completed;
import org.brokecluster.coordinator.history.event.RoutingEvent.Decided;
import org.brokecluster.coordinator.history.event.RoutingEvent.Failed;
import org.brokecluster.coordinator.history.event.RoutingEvent.HandedOver;
import org.brokecluster.coordinator.history.event.RoutingEvent.NodeChanged;
import org.brokecluster.coordinator.history.event.RoutingEvent.Queued;
import org.brokecluster.coordinator.history.event.RoutingEvent.Rated;
import org.brokecluster.coordinator.history.event.RoutingEvent.Received;
import org.brokecluster.coordinator.history.event.RoutingEvent.Refused;
import org.brokecluster.coordinator.history.event.RoutingEvent.Started;
import org.brokecluster.coordinator.history.event.RoutingEvent.StrategyChanged;
import org.brokecluster.coordinator.history.event.RoutingEvent.TermStarted;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.Profile;
import org.brokecluster.protocol.router.Promise;
import org.brokecluster.protocol.router.Refusal;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.TrafficClass;
import org.brokecluster.protocol.router.Wishes;

/** Events as a router makes them: single ones, and seeded streams of whole requests. */
public final class SampleEvents {
  public static final NodeId COORDINATOR = NodeId.of("studio-m2");
  public static final Instant START = Instant.parse("2026-11-21T08:00:00.123Z");
  private static final List<ModelId> MODELS =
      List.of(
          ModelId.of("mlx-community/Qwen3-32B-4bit"),
          ModelId.of("mlx-community/Qwen3-14B-4bit"),
          ModelId.of("mlx-community/Qwen3-4B-4bit"));
  private static final List<NodeId> NODES =
      List.of(NodeId.of("studio-m2"), NodeId.of("studio-m1"), NodeId.of("mini-m1"));

  private static final int OPEN_AT_ONCE = 40;

  private final Random random;
  private final List<Open> open = new ArrayList<>();
  private Instant at;
  private int requests;

  private record Open(RequestId request, int attempt, ModelId model, NodeId node) {}

  /** A stream that depends on the seed only. */
  public SampleEvents(long seed, Instant start) {
    random = new Random(seed);
    at = start;
  }

  /** The first event of a term. */
  public static TermStarted termStarted(long term, Instant at) {
    var breaker = new BreakerLimits(2, 500, 4_000, 20_000);
    var learning = new LearningTerms(36_000_000, 50, 200, 0.8, 20, 1);
    return new TermStarted(at, term, COORDINATOR, "balanced", "0.1.0", breaker, learning);
  }

  /** The next event: mostly of whole requests with one attempt, sometimes anything else. */
  public RoutingEvent next() {
    at = at.plusMillis(random.nextInt(20));
    int dice = random.nextInt(1000);
    if (dice < 5) {
      return nodeChanged();
    } else if (dice < 7) {
      return new StrategyChanged(at, "fast-" + random.nextInt(3));
    } else if (dice < 9 && !open.isEmpty()) {
      var model = MODELS.get(random.nextInt(MODELS.size()));
      return new Rated(at, open.get(0).request(), 1 + random.nextInt(5), model, Tier.BASIC);
    } else if (open.isEmpty() || (open.size() < OPEN_AT_ONCE && dice < 400)) {
      return received();
    }
    return progress(open.remove(random.nextInt(open.size())));
  }

  /** So many further events. */
  public List<RoutingEvent> take(int count) {
    return IntStream.range(0, count).mapToObj(i -> next()).toList();
  }

  private Received received() {
    var request =
        new RequestId(
            "req-%010x%04x"
                .formatted(at.toEpochMilli() * 16 + ++requests % 16, random.nextInt(1 << 16)));
    open.add(new Open(request, 0, MODELS.get(0), NODES.get(0)));
    var facts = facts(random.nextInt(4000) + 1);
    return new Received(at, request, requests % 2 == 0 ? facts : facts.with(wishes(requests)));
  }

  /** Of somebody with a name, a session and a role, who sends for an agent now and then. */
  private static Wishes wishes(int number) {
    return new Wishes(
        null,
        null,
        null,
        null,
        number % 3 == 0 ? "reviewer" : null,
        null,
        null,
        null,
        "s-" + number % 5,
        "u-" + number % 7,
        number % 11 == 0 ? TrafficClass.AGENT : TrafficClass.INTERACTIVE,
        List.of());
  }

  private RoutingEvent progress(Open request) {
    var id = new AttemptId(request.request(), Math.max(1, Math.abs(request.attempt())));
    int dice = random.nextInt(100);
    if (request.attempt() <= 0) {
      if (dice < 3) {
        return new Refused(at, id, Refusal.QUEUE_FULL, "too many requests wait", null);
      }
      if (dice < 10) {
        open.add(request);
        return new Queued(at, id, random.nextInt(20), 500 + requests % 50 * 100L);
      }
      var model = MODELS.get(random.nextInt(MODELS.size()));
      var node = NODES.get(random.nextInt(NODES.size()));
      open.add(new Open(request.request(), id.number(), model, node));
      return reckoned(decided(at, id, model, node, 1 + random.nextInt(8)));
    }
    if (dice < 40) {
      open.add(request);
      return new Started(at, id, request.node());
    }
    var usage = new Usage(random.nextInt(4000), random.nextInt(900), random.nextInt(100));
    if (dice < 45) {
      open.add(new Open(request.request(), -(id.number() + 1), request.model(), request.node()));
      return new Failed(at, report(request, id, AttemptOutcome.FAILED, false, usage));
    }
    if (dice < 48) {
      return new Cancelled(at, report(request, id, AttemptOutcome.CANCELLED, true, usage));
    }
    return new Completed(at, report(request, id, AttemptOutcome.COMPLETED, true, usage));
  }

  /** As it would have been without anything learned. */
  private Decided reckoned(Decided decided) {
    var reckoning = new Reckoning(0.6, 700 + random.nextInt(200), 12_000, null);
    return new Decided(
        decided.at(),
        decided.attempt(),
        promised(decided.placement()),
        decided.best(),
        decided.lost(),
        reckoning,
        null);
  }

  private static Placement promised(Placement placement) {
    return new Placement(
        placement.model(),
        placement.node(),
        placement.tier(),
        placement.strategy(),
        placement.qualityTemperature(),
        placement.qualityBasis(),
        placement.firstTokenMs(),
        placement.finishMs(),
        placement.queuedMs(),
        new Promise(400, 1_600, 8_000, 22_000),
        null);
  }

  private AttemptReport report(
      Open request, AttemptId id, AttemptOutcome outcome, boolean last, Usage usage) {
    boolean completed = outcome == AttemptOutcome.COMPLETED;
    return new AttemptReport(
        id,
        outcome,
        last,
        request.model(),
        request.node(),
        completed ? "stop" : null,
        completed ? null : "node_lost: the node vanished",
        usage,
        random.nextBoolean() ? (long) random.nextInt(3000) : null,
        random.nextInt(60_000),
        random.nextBoolean() ? (long) random.nextInt(50_000) : null,
        outcome == AttemptOutcome.FAILED ? kind(usage) : null,
        null);
  }

  /** Two in three speak against their place. */
  private static AttemptFailure.Kind kind(Usage usage) {
    var kinds =
        List.of(
            AttemptFailure.Kind.STALLED,
            AttemptFailure.Kind.RUNTIME_ERROR,
            AttemptFailure.Kind.NODE_LOST);
    return kinds.get(usage.promptTokens() % kinds.size());
  }

  private NodeChanged nodeChanged() {
    var changes = List.of("joined", "left", "unreachable", "reachable", "draining", "models");
    var change = changes.get(random.nextInt(changes.size()));
    var models =
        random.nextBoolean() ? Map.of(MODELS.get(0), "loaded", MODELS.get(2), "disk") : null;
    return new NodeChanged(at, NODES.get(random.nextInt(NODES.size())), change, models);
  }

  /** Facts of a usual chat request. */
  public static RequestFacts facts(int promptTokens) {
    var profile =
        new Profile(
            0.4375,
            0.5,
            0.25,
            Map.of("code", 0.75, "math", 0.125),
            0.1,
            0.2,
            300,
            "phrases",
            "refactor");
    return new RequestFacts(
        Api.CHAT,
        "auto",
        true,
        profile,
        promptTokens,
        promptTokens * 4L,
        512,
        Set.of(Ability.TOOLS),
        Wishes.NONE,
        List.of(-8731236187236187L, 123L, 99887766554433L, Long.MIN_VALUE));
  }

  /** A decision with so many candidates. */
  public static Decided decided(
      Instant at, AttemptId attempt, ModelId model, NodeId node, int candidates) {
    var placement =
        new Placement(model, node, Tier.BALANCED, "balanced", 0.3125, "prior", 812, 14_231, 17);
    var best =
        IntStream.range(0, candidates)
            .mapToObj(
                i ->
                    new CandidateNote(
                        MODELS.get(i % 3),
                        NODES.get(i / 3 % 3),
                        0.8712345678901234 - i / 10.0,
                        812 + i,
                        14_231 + 100L * i,
                        0.7312345678,
                        i == 0 ? "chosen" : "finishes 2.1 s later"))
            .toList();
    return new Decided(at, attempt, placement, best, Map.of("no room", 2, "wrong tier", 11));
  }

  /** One of each kind, with every component set. */
  public static Map<String, RoutingEvent> oneOfEach() {
    var request = new RequestId("req-1");
    var attempt = new AttemptId(request, 2);
    var model = MODELS.get(0);
    var node = NODES.get(1);
    var report =
        new AttemptReport(
            attempt,
            AttemptOutcome.COMPLETED,
            true,
            model,
            node,
            "stop",
            null,
            new Usage(17, 200, 3),
            812L,
            9_731,
            8_900L,
            null,
            null);
    return Map.ofEntries(
        Map.entry("term-started", new TermStarted(START, 7, COORDINATOR, "balanced", "0.1.0")),
        Map.entry("received", new Received(START, request, facts(17))),
        Map.entry("decided", decided(START, attempt, model, node, 3)),
        Map.entry("queued", new Queued(START, attempt, 4, null)),
        Map.entry("refused", new Refused(START, attempt, Refusal.NO_NODE, "no node is up", null)),
        Map.entry("started", new Started(START, attempt, node)),
        Map.entry("completed", new Completed(START, report)),
        Map.entry("failed", new Failed(START, failed(attempt, model, node))),
        Map.entry("handed-over", new HandedOver(START, handedOver(attempt, model, node))),
        Map.entry("cancelled", new Cancelled(START, cancelled(attempt))),
        Map.entry(
            "node-changed",
            new NodeChanged(START, node, "models", Map.of(model, "loaded", MODELS.get(2), "disk"))),
        Map.entry("rated", new Rated(START, request, 4, model, Tier.PREMIUM)),
        Map.entry("learned", new RoutingEvent.Learned(START, learned(model), true)),
        Map.entry(
            "arranged",
            new RoutingEvent.Arranged(
                START, node, model, true, List.of(MODELS.get(2)), 95_500, 1_250, "12.0 requests")),
        Map.entry("strategy-changed", new StrategyChanged(START, "fastest")));
  }

  private static LearnedFigures learned(ModelId model) {
    return new LearnedFigures(
        List.of(
            new LearnedFigures.Row(model, null, null, null, 3, 0.9166, -0.25, 40, 7.5, 0.125),
            new LearnedFigures.Row(
                model, "code", "reviewer", "u-0123456789abcdef", 3, 2.5, -0.75, 0, 0, 0)));
  }

  private static AttemptReport failed(AttemptId attempt, ModelId model, NodeId node) {
    return new AttemptReport(
        attempt,
        AttemptOutcome.FAILED,
        false,
        model,
        node,
        null,
        "stalled: nothing came for 10 s",
        new Usage(17, 20, 0),
        812L,
        12_000,
        null,
        null,
        null);
  }

  private static AttemptReport handedOver(AttemptId attempt, ModelId model, NodeId node) {
    return new AttemptReport(
        attempt,
        AttemptOutcome.HANDED_OVER,
        false,
        model,
        node,
        null,
        "node_leaving",
        Usage.NONE,
        812L,
        12_000,
        11_188L,
        null,
        null);
  }

  private static AttemptReport cancelled(AttemptId attempt) {
    return new AttemptReport(
        attempt,
        AttemptOutcome.CANCELLED,
        true,
        null,
        null,
        null,
        null,
        Usage.NONE,
        null,
        5,
        null,
        null,
        null);
  }
}
