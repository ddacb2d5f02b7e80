package org.brokecluster.coordinator.request;

import com.typesafe.config.ConfigFactory;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.routing.EdgeAddress;
import org.brokecluster.coordinator.routing.Effect;
import org.brokecluster.coordinator.routing.Moment;
import org.brokecluster.coordinator.routing.RouterCore;
import org.brokecluster.coordinator.routing.RouterSettings;
import org.brokecluster.coordinator.routing.Submission;
import org.brokecluster.coordinator.routing.scorer.Strategies;
import org.brokecluster.coordinator.routing.state.Echo;
import org.brokecluster.coordinator.routing.state.HostedModel;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.coordinator.routing.state.Reach;
import org.brokecluster.protocol.edge.EdgeProtocol.AttemptEnded;
import org.brokecluster.protocol.edge.EdgeProtocol.Refused;
import org.brokecluster.protocol.edge.EdgeProtocol.TokenBatch;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.brokecluster.protocol.router.Profile;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.TrafficClass;
import org.brokecluster.protocol.router.Wishes;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.protocol.state.ModelLoad;
import org.brokecluster.shared.config.SettingsReader;
import org.jspecify.annotations.Nullable;

/** The cores of edge and router, one request at a time, against an upstream that may fail. */
final class CoreRig {
  static final NodeId NODE = NodeId.of("mac");
  private static final long STEP_MS = 10;
  private static final long ANSWER_MS = 200;
  private static final LifeLimits LIMITS =
      LifeLimits.from(new SettingsReader(ConfigFactory.load()));

  /** What a model server does with a try: null to answer. */
  interface Upstream {
    /** Decides on the try of so many, from 1, at this time. */
    @Nullable AttemptFailure at(ModelId model, int tries, long nowMs);
  }

  /** One try of one model. */
  record Try(ModelId model, long atMs) {}

  /** How a request ended: with an answer of this model, or with the failure. */
  record End(@Nullable ModelId model, @Nullable LifeAction error, long atMs) {}

  final List<RoutingEvent> events = new ArrayList<>();
  final List<Try> tries = new ArrayList<>();
  long now = 10_000;
  private final RouterCore core;
  private final Upstream upstream;
  private int count;

  CoreRig(Upstream upstream, int... contexts) {
    this.upstream = upstream;
    var reader = new SettingsReader(ConfigFactory.load());
    var settings = RouterSettings.from(reader);
    this.core =
        new RouterCore(
            1, settings, Strategies.of(Map.of(), List.of()), settings.strategy(), moment(0));
    var models = List.of("primary", "fallback");
    var hosted = new ArrayList<HostedModel>();
    for (int i = 0; i < models.size(); i++) {
      hosted.add(model(models.get(i), contexts.length == 0 ? 32_768 : contexts[i]));
    }
    core.nodeChanged(moment(0), new NodeState(NODE, 7, Reach.UP, null, Echo.NONE, 0, 0, hosted));
  }

  private static HostedModel model(String id, int context) {
    var facts =
        new ModelFacts(
            ModelId.of(id),
            Tier.BASIC,
            "openai",
            false,
            null,
            null,
            null,
            context,
            4,
            Set.of(Ability.CHAT),
            null);
    var speed = new Speed(400, 50, 1, false);
    return new HostedModel(
        facts, new ModelLoad(facts.id(), ModelState.LOADED, null, null, 0, 0, false, speed));
  }

  private static Moment moment(long millis) {
    return new Moment(Instant.ofEpochMilli(1_700_000_000_000L + millis), millis);
  }

  /** Asks for {@code primary} with {@code fallback} behind it; answers how that ended. */
  End ask() {
    return new Call(RequestId.of("r" + ++count)).play();
  }

  /** One request. */
  private final class Call {
    private final RequestLife life;
    private final RequestFacts facts;
    private final Deque<Runnable> due = new ArrayDeque<>();
    private Effect.@Nullable SendTicket ticket;
    private long doneMs;
    private @Nullable End end;

    Call(RequestId id) {
      var rules = new RescueRules(true, false, false, false, true, null, 1_000);
      life = new RequestLife(id, rules, now, 600_000, LIMITS);
      facts = facts();
    }

    End play() {
      perform(life.start(now));
      while (end == null) {
        now += STEP_MS;
        perform(core.tick(moment(now)), life.tick(now));
        var running = ticket;
        if (running != null && now >= doneMs) {
          ticket = null;
          finish(running);
        }
      }
      return end;
    }

    private void perform(List<Effect> effects, List<LifeAction> actions) {
      route(effects);
      perform(actions);
    }

    private void perform(List<LifeAction> actions) {
      for (var action : actions) {
        if (action instanceof LifeAction.Submit submit) {
          route(core.submit(moment(now), submission(submit)));
        } else if (action instanceof LifeAction.Report report) {
          route(core.report(moment(now), report.report(), ADDRESS));
        } else if (action instanceof LifeAction.Finish) {
          end = new End(life.placement() == null ? null : life.placement().model(), null, now);
        } else if (action instanceof LifeAction.Fail || action instanceof LifeAction.Refuse) {
          end = new End(null, action, now);
        }
      }
      while (!due.isEmpty()) {
        due.remove().run();
      }
    }

    private Submission submission(LifeAction.Submit submit) {
      return new Submission(
          submit.attempt(),
          facts,
          submit.remainingMs(),
          submit.avoid(),
          submit.continues(),
          submit.beside(),
          ADDRESS);
    }

    private void route(List<Effect> effects) {
      for (var effect : effects) {
        if (effect instanceof Effect.SendTicket sent) {
          due.add(() -> begin(sent));
        } else if (effect instanceof Effect.ReplyRefused no) {
          due.add(
              () ->
                  perform(
                      life.refused(
                          now,
                          new Refused(
                              no.attempt(), 1, no.reason(), no.message(), no.retryAfterMs()))));
        } else if (effect instanceof Effect.Emit emit) {
          events.add(emit.event());
        }
      }
      while (!due.isEmpty()) {
        due.remove().run();
      }
    }

    private void begin(Effect.SendTicket sent) {
      ticket = sent;
      doneMs = now + ANSWER_MS;
      perform(life.ready(now, sent.attempt(), sent.placement(), Set.of(), false));
    }

    private void finish(Effect.SendTicket sent) {
      var model = sent.placement().model();
      tries.add(new Try(model, now));
      int number = (int) tries.stream().filter(each -> each.model().equals(model)).count();
      var failure = upstream.at(model, number, now);
      route(core.attemptClosed(moment(now), sent.attempt(), 1, sent.number()));
      if (failure != null) {
        perform(life.failed(now, sent.attempt(), failure));
      } else {
        answer(sent.attempt());
      }
    }

    private void answer(AttemptId attempt) {
      perform(life.tokens(now, new TokenBatch(attempt, 1, List.of(TokenChunk.content("answer")))));
      perform(
          life.ended(
              now,
              new AttemptEnded(attempt, 1, FinishReason.STOP, new Usage(10, 20, 0), 0, 0, 10, 20)));
    }
  }

  private static final EdgeAddress ADDRESS = () -> "127.0.0.1:25520";

  private static RequestFacts facts() {
    var wishes = Wishes.of(null, TrafficClass.INTERACTIVE, List.of("fallback"));
    var profile = new Profile(0.1, 0.1, 0.5, Map.of(), 0, 0, 50, "phrases", "test");
    return new RequestFacts(
        Api.CHAT, "primary", true, profile, 100, 400, null, Set.of(), wishes, List.of());
  }
}
