package org.brokecluster.simulation.schedule;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.brokecluster.coordinator.routing.EdgeAddress;
import org.brokecluster.coordinator.routing.Effect;
import org.brokecluster.coordinator.routing.Moment;
import org.brokecluster.coordinator.routing.RouterCore;
import org.brokecluster.coordinator.routing.RouterSettings;
import org.brokecluster.coordinator.routing.Submission;
import org.brokecluster.coordinator.routing.scorer.Strategies;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.router.Tried;
import org.jspecify.annotations.Nullable;

/** The production router: {@link RouterCore} as it runs in a cluster, told what edges tell it. */
final class CorePolicy implements Policy {
  private static final long TERM = 1;
  private static final long PATIENCE_MS = 100L * 24 * 3_600_000;
  private static final EdgeAddress EDGE = () -> "edge:1";

  private final RouterSettings settings;
  private final Strategies strategies;
  private final Map<AttemptId, Out> out = new HashMap<>();
  private final Map<AttemptId, Job> submitted = new HashMap<>();
  private final Map<Mac, Long> reports = new HashMap<>();
  private final Map<Mac, Long> seen = new HashMap<>();
  private final Map<String, Mac> byName = new HashMap<>();
  private @Nullable Stage stage;
  private @Nullable RouterCore core;

  private record Out(Mac mac, long number) {}

  CorePolicy(RouterSettings settings, Strategies strategies) {
    this.settings = settings;
    this.strategies = strategies;
  }

  @Override
  public void begin(Stage on) {
    stage = on;
    core = new RouterCore(TERM, settings, strategies, settings.strategy(), now());
    for (var mac : on.macs()) {
      byName.put(mac.name(), mac);
      changed(mac);
    }
  }

  @Override
  public void comes(Job job, int attempt, @Nullable Mac lostOn) {
    var id = id(job, attempt);
    submitted.put(id, job);
    var avoid = lostOn == null ? List.<Tried>of() : List.of(Tried.node(NodeId.of(lostOn.name())));
    var submission = new Submission(id, Facts.guessed(job), PATIENCE_MS, avoid, null, EDGE);
    run(core().submit(now(), submission));
  }

  @Override
  public void ended(Task task) {
    var id = id(task.job(), task.attempt());
    submitted.remove(id);
    var ticket = out.remove(id);
    if (ticket != null) {
      run(core().attemptClosed(now(), id, TERM, ticket.number()));
    }
    run(core().report(now(), report(id, task), EDGE));
  }

  private AttemptReport report(AttemptId id, Task task) {
    var job = task.job();
    double first = task.firstTokenMs() < 0 ? stage().nowMs() : task.firstTokenMs();
    return new AttemptReport(
        id,
        AttemptOutcome.COMPLETED,
        true,
        ModelId.of(job.model()),
        NodeId.of(task.mac().name()),
        "stop",
        null,
        new Usage(job.promptTokens(), job.answerTokens(), task.cachedTokens()),
        Math.round(first - job.atMs()),
        Math.round(stage().nowMs() - job.atMs()),
        Math.round(stage().nowMs() - first),
        null,
        null);
  }

  @Override
  public void changed(Mac mac) {
    if (mac.away()) {
      return;
    }
    var tickets = new ArrayList<Long>();
    for (var task : mac.tasks()) {
      var ticket = out.get(id(task.job(), task.attempt()));
      if (ticket != null) {
        tickets.add(ticket.number());
      }
    }
    long report = reports.merge(mac, 1L, Long::sum);
    long ticketSeen = seen.getOrDefault(mac, 0L);
    var state = Facts.state(mac, report, TERM, ticketSeen, tickets, stage().nowMs());
    run(core().nodeChanged(now(), state));
  }

  @Override
  public void left(Mac mac) {
    out.values().removeIf(ticket -> ticket.mac() == mac);
    seen.remove(mac);
    run(core().nodeGone(now(), NodeId.of(mac.name())));
  }

  @Override
  public void tick() {
    run(core().tick(now()));
  }

  @Override
  public int waiting() {
    return core().queued();
  }

  private void run(List<Effect> effects) {
    for (var effect : effects) {
      if (effect instanceof Effect.SendTicket ticket) {
        send(ticket);
      } else if (effect instanceof Effect.ReplyRefused refused) {
        throw new IllegalStateException("the router refused a request: " + refused.message());
      }
    }
  }

  private void send(Effect.SendTicket ticket) {
    var job = submitted.get(ticket.attempt());
    var mac = byName.get(ticket.node().value());
    if (job == null || mac == null) {
      throw new IllegalStateException("a ticket for nothing that was asked: " + ticket);
    }
    out.put(ticket.attempt(), new Out(mac, ticket.number()));
    seen.merge(mac, ticket.number(), Math::max);
    stage().give(job, ticket.attempt().number(), mac);
  }

  private static AttemptId id(Job job, int attempt) {
    return new AttemptId(RequestId.of("j" + job.number()), attempt);
  }

  private Moment now() {
    long millis = (long) stage().nowMs();
    return new Moment(Instant.ofEpochMilli(millis), millis);
  }

  private Stage stage() {
    var on = stage;
    if (on == null) {
      throw new IllegalStateException("the run has not begun");
    }
    return on;
  }

  private RouterCore core() {
    var router = core;
    if (router == null) {
      throw new IllegalStateException("the run has not begun");
    }
    return router;
  }
}
