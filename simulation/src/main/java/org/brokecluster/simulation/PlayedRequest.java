package org.brokecluster.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.brokecluster.coordinator.request.RequestRun;
import org.brokecluster.coordinator.request.RequestTerms;
import org.brokecluster.coordinator.request.RescueRules;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.edge.EdgeProtocol.AttemptEnded;
import org.brokecluster.protocol.edge.EdgeProtocol.TokenBatch;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.node.AttemptProtocol.Ack;
import org.brokecluster.protocol.node.AttemptProtocol.PromptPiece;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.router.RouterProtocol.Continues;
import org.brokecluster.protocol.router.Tried;
import org.jspecify.annotations.Nullable;

/** One client's request: the product's {@link RequestRun} with a mailbox. */
final class PlayedRequest implements RequestRun.Port {
  private final World world;
  private final Host host;
  private final Call call;
  private final PlayedClient client;
  private final RequestRun run;
  private final Map<AttemptId, Offer> offers = new HashMap<>();
  private final Map<AttemptId, Long> batches = new HashMap<>();
  private final Map<Membership, Mailbox> mailboxes = new HashMap<>();
  private @Nullable AttemptId submitted;
  private boolean over;

  PlayedRequest(World world, Host host, Call call) {
    this.world = world;
    this.host = host;
    this.call = call;
    this.client = new PlayedClient(world, this, call);
    var rescue = world.settings().rescue();
    var rules =
        new RescueRules(
            call.streamed(),
            call.kind() == Call.Kind.TOOL,
            call.kind() == Call.Kind.JSON,
            world.plan().sure(),
            rescue.prompted() && call.kind() == Call.Kind.TEXT,
            call.maxTokens(),
            rescue.textMax());
    var terms =
        new RequestTerms(
            call.request(),
            call.body(),
            0,
            call.maxSeconds() * 1_000L,
            rules,
            world.settings().limits());
    this.run = new RequestRun(terms, client, this, world.time().nowMs());
  }

  void start() {
    run.start(world.time().nowMs());
  }

  Call call() {
    return call;
  }

  PlayedClient client() {
    return client;
  }

  /** The mailbox by which a membership's messages come. */
  Mailbox self(Membership in) {
    return mailboxes.computeIfAbsent(
        in, key -> world.network().mailbox("request " + call.request(), in));
  }

  void ready(Offer offer) {
    if (!over) {
      offers.put(offer.attempt(), offer);
      run.ready(
          now(), offer.attempt(), offer.placement(), offer.credit(), offer.ways(), offer.sure());
      afterwards();
    }
  }

  void hear(EdgeProtocol.Command message) {
    after(() -> run.hear(now(), unnumbered(message)));
  }

  /** Without numbers, every batch looks as if it were the next one. */
  private EdgeProtocol.Command unnumbered(EdgeProtocol.Command message) {
    if (!world.off(Mechanism.SEQUENCE)) {
      return message;
    }
    if (message instanceof TokenBatch batch) {
      long next = batches.merge(batch.attempt(), 1L, Long::sum);
      return new TokenBatch(batch.attempt(), next, batch.chunks(), batch.tokens());
    }
    if (message instanceof AttemptEnded ended) {
      return new AttemptEnded(
          ended.attempt(),
          batches.getOrDefault(ended.attempt(), 0L),
          ended.reason(),
          ended.usage(),
          ended.waitedMs(),
          ended.loadMs(),
          ended.prefillMs(),
          ended.decodeMs());
    }
    return message;
  }

  void lost(AttemptId attempt, String why) {
    after(() -> run.lost(now(), attempt, why));
  }

  void newTerm() {
    after(() -> run.newTerm(now()));
  }

  void unlinked() {
    after(() -> run.unlinked(now()));
  }

  void tick() {
    after(() -> run.tick(now()));
  }

  void slept() {
    after(() -> run.slept(now()));
  }

  void drained() {
    after(run::drained);
  }

  void clientGone() {
    after(() -> run.clientGone(now()));
  }

  private void after(Runnable step) {
    if (!over) {
      step.run();
      afterwards();
    }
  }

  private void afterwards() {
    if (run.isOver()) {
      over = true;
      host.ended(this);
      client.released();
    }
  }

  private long now() {
    return world.time().nowMs();
  }

  @Override
  public void submit(
      AttemptId attempt,
      long remainingMs,
      long elapsedMs,
      List<Tried> avoid,
      @Nullable Continues continues,
      int beside) {
    var edge = host.edge();
    if (edge == null || (attempt.equals(submitted) && world.off(Mechanism.RESUBMISSION))) {
      return;
    }
    submitted = attempt;
    world.watch().submitted(call, attempt);
    world
        .cluster()
        .toRouter(
            host.machine(),
            self(edge.self().in()),
            Told.of("Submit", attempt),
            router ->
                router.submit(attempt, call.facts(), remainingMs, avoid, continues, beside, edge));
  }

  @Override
  public void withdraw() {
    var edge = host.edge();
    if (edge != null) {
      world
          .cluster()
          .toRouter(
              host.machine(),
              self(edge.self().in()),
              Told.of("Withdraw", call.request()),
              router -> router.withdraw(call.request()));
    }
  }

  @Override
  public void cancel(AttemptId attempt) {
    var node = offer(attempt).node();
    world
        .network()
        .send(from(), node.self(), Told.of("Cancel", attempt), () -> node.cancel(attempt));
  }

  @Override
  public void piece(PromptPiece piece) {
    var to = offer(piece.attempt()).to();
    world.network().send(from(), to.self(), piece, () -> to.hear(piece));
  }

  @Override
  public void acknowledge(Ack ack) {
    var to = offer(ack.attempt()).to();
    world.network().send(from(), to.self(), ack, () -> to.hear(ack));
  }

  private Offer offer(AttemptId attempt) {
    var offer = offers.get(attempt);
    if (offer == null) {
      throw new IllegalStateException("no node has offered itself for " + attempt);
    }
    return offer;
  }

  /** The mailbox it sends from: of the latest membership, even if that has ended. */
  private Mailbox from() {
    return self(host.latestMembership());
  }

  @Override
  public void closed(AttemptId attempt) {
    var edge = host.edge();
    if (edge != null) {
      edge.closed(this, attempt);
    }
  }

  @Override
  public void report(AttemptReport report) {
    world.watch().attemptEnded(report);
    var edge = host.edge();
    if (edge != null) {
      edge.report(this, report);
    } else {
      host.outbox().add(report, now());
    }
  }
}
