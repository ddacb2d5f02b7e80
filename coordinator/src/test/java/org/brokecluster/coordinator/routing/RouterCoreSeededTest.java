package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.Clusters.at;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.routing.Effect.SendTicket;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.coordinator.routing.state.Reach;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.node.NodeProtocol.TicketRefusal;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.TrafficClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random clusters, requests and faults: what must hold whatever happens. */
class RouterCoreSeededTest {
  private static final int STEPS = 100;
  private static final List<RouterSettings> SETTINGS =
      Stream.of(1, 3, 8, 20)
          .map(size -> Clusters.settings("broke.router.queue-size = " + size))
          .toList();

  /** Clusters and requests of these seeds are played. */
  static List<Long> seeds() {
    return LongStream.rangeClosed(1, 200).boxed().toList();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void keepsItsPromises(long seed) {
    var run = new Run(seed);

    run.play();
    run.finish();

    assertThat(run.core.ticketed()).as("ledger after everything closed").isZero();
    assertThat(run.core.queued()).as("queue after every deadline").isZero();
    assertThat(run.unanswered).as("requests without an answer").isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void decidesTheSameOnTheSameInputs(long seed) {
    var first = new Run(seed);
    var second = new Run(seed);

    first.play();
    second.play();

    assertThat(second.effects).isEqualTo(first.effects);
  }

  /** One random history of a router, checked at every step. */
  private static final class Run {
    private final Random random;
    private final RouterCore core;
    private final Map<NodeId, NodeState> nodes = new HashMap<>();
    private final Map<AttemptId, SendTicket> open = new HashMap<>();
    private final Map<AttemptId, RequestFacts> asked = new HashMap<>();
    private final Set<RequestId> queued = new HashSet<>();
    private final Set<AttemptId> unanswered = new HashSet<>();
    private final Map<NodeId, Long> lastNumber = new HashMap<>();
    private final List<Effect> effects = new ArrayList<>();
    private long millis;
    private int requests;

    Run(long seed) {
      random = new Random(seed);
      core = Clusters.core(SETTINGS.get(random.nextInt(SETTINGS.size())));
      for (var node : Clusters.random(random)) {
        nodes.put(node.name(), node);
        check(core.nodeChanged(at(0), node));
      }
    }

    void play() {
      for (int step = 0; step < STEPS; step++) {
        millis += random.nextInt(400);
        int kind = random.nextInt(20);
        if (kind < 10) {
          submit();
        } else if (kind < 15) {
          closeSome();
        } else if (kind == 15) {
          refuseSome();
        } else if (kind == 16) {
          changeNode();
        } else if (kind == 17) {
          withdrawSome();
        } else {
          check(core.tick(at(millis)));
        }
      }
    }

    /** Every ticket ends, and time passes until every deadline is over. */
    void finish() {
      for (int round = 0; round < 2_000 && !open.isEmpty(); round++) {
        closeSome();
      }
      millis += 100_000;
      check(core.tick(at(millis)));
      while (!open.isEmpty()) {
        closeSome();
      }
    }

    private void submit() {
      boolean again = !open.isEmpty() && random.nextInt(6) == 0;
      var attempt =
          again ? next(anyOpen(), random.nextInt(2)) : Clusters.attempt("r" + ++requests, 1);
      var facts = randomFacts();
      if (again && open.containsKey(attempt)) {
        facts = asked.getOrDefault(attempt, facts);
      }
      asked.put(attempt, facts);
      unanswered.add(attempt);
      open.keySet()
          .removeIf(
              other -> other.request().equals(attempt.request()) && other.compareTo(attempt) < 0);
      check(
          core.submit(
              at(millis),
              new Submission(attempt, facts, 30_000, List.of(), null, Clusters.Edge.HERE)));
    }

    private static AttemptId next(AttemptId attempt, int more) {
      return more == 0 ? attempt : attempt.next();
    }

    private void closeSome() {
      if (!open.isEmpty()) {
        var ticket = open.remove(anyOpen());
        check(core.attemptClosed(at(millis), ticket.attempt(), 1, ticket.number()));
      }
    }

    private void refuseSome() {
      if (!open.isEmpty()) {
        var ticket = open.remove(anyOpen());
        unanswered.add(ticket.attempt());
        check(
            core.ticketRefused(
                at(millis), ticket.attempt(), 1, ticket.number(), TicketRefusal.FULL, 1));
      }
    }

    private void withdrawSome() {
      if (requests > 0) {
        var request = RequestId.of("r" + (1 + random.nextInt(requests)));
        open.keySet().removeIf(attempt -> attempt.request().equals(request));
        unanswered.removeIf(attempt -> attempt.request().equals(request));
        queued.remove(request);
        check(core.withdraw(at(millis), request));
      }
    }

    private void changeNode() {
      if (nodes.isEmpty()) {
        return;
      }
      var names = nodes.keySet().stream().sorted().toList();
      var node = nodes.get(names.get(random.nextInt(names.size())));
      boolean restarted = random.nextInt(4) == 0;
      var changed =
          Clusters.with(
              node,
              random.nextInt(3) == 0 ? Reach.UNREACHABLE : Reach.UP,
              random.nextInt(5) == 0,
              node.incarnation() + (restarted ? 100 : 0));
      nodes.put(node.name(), changed);
      if (restarted) {
        open.values().removeIf(ticket -> ticket.node().equals(node.name()));
        lastNumber.remove(node.name());
      }
      check(core.nodeChanged(at(millis), changed));
    }

    private AttemptId anyOpen() {
      var sorted = open.keySet().stream().sorted().toList();
      return sorted.get(random.nextInt(sorted.size()));
    }

    private RequestFacts randomFacts() {
      var names =
          List.of("auto", "auto", "auto", "basic", "premium", "model-1", "model-4", "missing");
      var strategies = core.strategies();
      var strategy =
          random.nextInt(3) == 0 ? strategies.get(random.nextInt(strategies.size())) : null;
      var node = random.nextInt(12) == 0 ? "node-" + random.nextInt(7) : null;
      var traffic =
          TrafficClass.parse(List.of("interactive", "agent", "batch").get(random.nextInt(3)));
      return Clusters.facts(
          names.get(random.nextInt(names.size())),
          random.nextDouble(),
          Clusters.wishes(strategy, null, node, traffic.orElseThrow(), "model-2"));
    }

    private void check(List<Effect> latest) {
      effects.addAll(latest);
      for (var effect : latest) {
        if (effect instanceof SendTicket ticket) {
          checkTicket(ticket);
        } else if (effect instanceof Effect.ReplyQueued reply) {
          assertThat(open).doesNotContainKey(reply.attempt());
          unanswered.remove(reply.attempt());
          queued.add(reply.attempt().request());
        } else if (effect instanceof Effect.ReplyRefused reply) {
          assertThat(open).doesNotContainKey(reply.attempt());
          unanswered.remove(reply.attempt());
          queued.remove(reply.attempt().request());
        } else if (effect instanceof Effect.ReplyPlaced reply) {
          unanswered.remove(reply.attempt());
        } else if (effect instanceof Effect.Emit emit) {
          assertThat(emit.event().at()).isEqualTo(at(millis).at());
        }
      }
      assertThat(core.ticketed()).as("tickets out").isEqualTo(open.size());
    }

    private void checkTicket(SendTicket ticket) {
      unanswered.remove(ticket.attempt());
      queued.remove(ticket.attempt().request());
      var before = open.put(ticket.attempt(), ticket);
      if (before != null) {
        assertThat(ticket).isEqualTo(before);
        return;
      }
      assertThat(ticket.number()).isGreaterThan(lastNumber.getOrDefault(ticket.node(), 0L));
      lastNumber.put(ticket.node(), ticket.number());
      checkPlace(ticket);
    }

    /**
     * The place is one that no filter may let through otherwise, and its slots are not overdrawn.
     */
    private void checkPlace(SendTicket ticket) {
      var node = nodes.get(ticket.node());
      var facts = asked.get(ticket.attempt());
      ModelId model = ticket.placement().model();
      assertThat(node.reach()).isEqualTo(Reach.UP);
      assertThat(node.draining()).isFalse();
      var hosted =
          node.models().stream().filter(each -> each.facts().id().equals(model)).findFirst();
      assertThat(hosted).isPresent();
      assertThat(hosted.get().load().state().servable()).isTrue();
      assertThat(hosted.get().facts().abilities()).containsAll(Clusters.CHAT);
      if (facts.wishes().node() != null) {
        assertThat(ticket.node()).isEqualTo(facts.wishes().node());
      }
      if (facts.model().startsWith("model-")) {
        assertThat(model.value()).isIn(facts.model(), "model-2");
      }
      long onSpot =
          open.values().stream()
              .filter(each -> each.node().equals(ticket.node()))
              .filter(each -> each.placement().model().equals(model))
              .count();
      assertThat(onSpot).isLessThanOrEqualTo(hosted.get().facts().slots());
      if (Tier.parse(facts.model()).isPresent()) {
        assertThat(ticket.placement().tier()).isNotNull();
      }
    }
  }

  /** Runs must do something, or their promises are worth nothing. */
  @Test
  void placesManyRequests() {
    long decided = 0;
    for (long seed : seeds().subList(0, 50)) {
      var run = new Run(seed);
      run.play();
      decided +=
          run.effects.stream()
              .filter(effect -> effect instanceof Effect.Emit)
              .filter(effect -> ((Effect.Emit) effect).event() instanceof RoutingEvent.Decided)
              .count();
    }

    assertThat(decided).isGreaterThan(50 * 10);
  }
}
