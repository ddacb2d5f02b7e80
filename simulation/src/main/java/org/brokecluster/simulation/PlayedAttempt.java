package org.brokecluster.simulation;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.brokecluster.node.AttemptLife;
import org.brokecluster.node.Beginning;
import org.brokecluster.node.attempt.ChunkInbox;
import org.brokecluster.node.attempt.Leaving;
import org.brokecluster.node.attempt.PromptBuffer;
import org.brokecluster.node.models.Lease;
import org.brokecluster.node.resume.Resumption;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptProtocol;
import org.jspecify.annotations.Nullable;

/** One attempt on a simulated node: the product's {@link AttemptLife} with a mailbox. */
final class PlayedAttempt implements AttemptLife.Port {
  private final PlayedNode node;
  private final World world;
  private final Mailbox self;
  private final PlayedModel model;
  private final ChunkInbox inbox;
  private final AttemptLife life;
  private PlayedTicket ticket;
  private boolean stopped;

  PlayedAttempt(PlayedNode node, Membership in, PlayedTicket ticket) {
    this.node = node;
    this.world = node.world();
    this.self = world.network().mailbox("attempt " + ticket.attempt(), in);
    this.ticket = ticket;
    var known = node.host().model(ticket.order().model());
    if (known == null) {
      throw new IllegalStateException("admitted without a model: " + ticket);
    }
    this.model = known;
    this.inbox = new ChunkInbox(this::wake, () -> world.time().nowNanos());
    this.life =
        new AttemptLife(
            world.settings().node(),
            ticket.attempt(),
            ticket.sent().promptBytes(),
            inbox,
            this,
            now());
  }

  Mailbox self() {
    return self;
  }

  AttemptId id() {
    return ticket.attempt();
  }

  /** The edge that owns it. */
  Mailbox edge() {
    return ticket.edge();
  }

  void begin() {
    after(life::begin);
    tickLater();
  }

  void again(PlayedTicket next) {
    ticket = next;
    after(life::again);
  }

  void granted() {
    after(() -> life.slotGranted(now()));
  }

  /** Its node is leaving, and would like it to be gone within this time. */
  void leave(Duration within) {
    var plan = new Leaving("the node is drained", within, ticket.sent().expectedTokens(), now());
    after(() -> life.leaving(plan, now()));
  }

  /** Its node stays. */
  void stay() {
    after(() -> life.leaving(null, now()));
  }

  void abort(@Nullable AttemptFailure failure) {
    after(() -> life.abort(failure));
  }

  /** A piece of the prompt, or an acknowledgement, of its edge. */
  void hear(AttemptProtocol.Command message) {
    if (message instanceof AttemptProtocol.PromptPiece piece) {
      after(() -> life.piece(piece, now()));
    } else if (message instanceof AttemptProtocol.Ack ack) {
      after(() -> life.acknowledged(ack.sequence(), now()));
    }
  }

  /** Its node has stopped, and takes it along. */
  void stop() {
    if (!stopped) {
      stopped = true;
      self.close();
      life.close();
    }
  }

  private void after(Runnable step) {
    if (stopped) {
      return;
    }
    step.run();
    if (life.isOver()) {
      stop();
      var id = ticket.attempt();
      // The node hears of it as of any other message, though its sender is gone.
      world.network().send(node.self(), node.self(), Told.of("gone", id), () -> node.gone(id));
    }
  }

  private void wake() {
    world.network().send(self, self, "tokens", () -> after(() -> life.arrived(now())));
  }

  private void tickLater() {
    self.machine()
        .after(
            world.settings().node().readyInterval().toMillis(),
            self,
            () -> {
              if (!stopped) {
                after(() -> life.tick(now()));
                tickLater();
              }
            });
  }

  private long now() {
    return world.time().nowNanos();
  }

  @Override
  public void tell(EdgeProtocol.Command message) {
    node.toEdge(self, ticket.edge(), message);
  }

  @Override
  public void offer(int credit) {
    var sent = ticket.sent();
    var ways = Resumption.ways(model.facts(), sent.api());
    var offer =
        new Offer(
            sent.attempt(), sent.placement(), credit, ways, node, this, model.facts().simulated());
    var edge = world.edge(ticket.edge());
    world.network().send(self, ticket.edge(), offer, () -> edge.ready(offer));
  }

  @Override
  public void promptComplete() {
    var id = ticket.attempt();
    node.later(self, "PromptComplete", () -> node.desk().promptComplete(id));
  }

  @Override
  public void slotFree() {
    var id = ticket.attempt();
    node.later(self, "SlotFree", () -> node.desk().slotFreed(id));
  }

  @Override
  public Lease acquire() {
    return new PlayedLease(model);
  }

  @Override
  public void await(CompletionStage<Void> ready) {
    ready.whenComplete(
        (done, failure) ->
            world
                .network()
                .send(self, self, "loaded", () -> after(() -> life.loaded(failure, now()))));
  }

  @Override
  public @Nullable Double loadShare() {
    return null;
  }

  @Override
  public Generation start(Lease claim, PromptBuffer prompt) throws IOException {
    var sent = ticket.sent();
    var work =
        new Beginning.Work(
            sent.attempt(), sent.api(), sent.placement().model(), sent.expectedTokens());
    return Beginning.of(work, claim, prompt, inbox);
  }

  @Override
  public void completed(Usage usage) {
    // Nobody meters a simulation.
  }

  @Override
  public void failed(AttemptFailure.Kind kind) {
    world.watch().attemptFailed(model, kind);
  }

  @Override
  public void cancelled() {
    // Nobody meters a simulation.
  }

  @Override
  public void buffered(long change) {
    // Nobody meters a simulation.
  }
}
