package org.brokecluster.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.brokecluster.node.attempt.ChunkInbox;
import org.brokecluster.node.attempt.Leaving;
import org.brokecluster.node.attempt.PromptBuffer;
import org.brokecluster.node.drill.DrillGate;
import org.brokecluster.node.models.Lease;
import org.brokecluster.node.models.ModelStatus;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.node.AttemptProtocol;
import org.brokecluster.protocol.node.NodeProtocol;
import org.jspecify.annotations.Nullable;

/**
 * One attempt on this node: hands what it hears to its {@link AttemptLife} and gives that what it
 * needs.
 */
final class AttemptActor extends AbstractBehavior<AttemptProtocol.Command> {

  /** From the node: the slot is yours. */
  enum SlotGranted implements AttemptProtocol.Command {
    INSTANCE
  }

  /** From the node: the ticket came again; so may the edge's interest. */
  record TicketAgain(NodeProtocol.Ticket ticket) implements AttemptProtocol.Command {}

  /** From the node: stop now; with a failure the edge is told of it. */
  record Abort(@Nullable AttemptFailure failure) implements AttemptProtocol.Command {}

  /** From the node: it is leaving; the answer should be gone within this time. */
  record Leave(String reason, Duration within) implements AttemptProtocol.Command {}

  /** From the node: it stays after all. */
  enum Stay implements AttemptProtocol.Command {
    INSTANCE
  }

  private record Loaded(@Nullable Throwable failure) implements AttemptProtocol.Command {}

  private enum Wake implements AttemptProtocol.Command {
    ARRIVED,
    TICK
  }

  private final NodeContext node;
  private final ActorRef<NodeProtocol.Command> parent;
  private final AttemptId attempt;
  private final ChunkInbox inbox;
  private final AttemptLife life;
  private final DrillGate gate;
  private NodeProtocol.Ticket ticket;

  private AttemptActor(
      ActorContext<AttemptProtocol.Command> context,
      NodeContext node,
      NodeProtocol.Ticket ticket,
      DrillGate gate,
      ActorRef<NodeProtocol.Command> parent) {
    super(context);
    var self = context.getSelf();
    this.node = node;
    this.parent = parent;
    this.ticket = ticket;
    this.gate = gate;
    this.attempt = ticket.attempt();
    this.inbox = new ChunkInbox(() -> self.tell(Wake.ARRIVED), node.nanoTime());
    this.life =
        new AttemptLife(
            node.settings(), attempt, ticket.promptBytes(), inbox, new Surroundings(), now());
  }

  /** An attempt that offers itself to its edge at once, as far as the gate lets it. */
  static Behavior<AttemptProtocol.Command> create(
      NodeContext node,
      NodeProtocol.Ticket ticket,
      DrillGate gate,
      ActorRef<NodeProtocol.Command> parent) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(Wake.TICK, node.settings().readyInterval());
                  var actor = new AttemptActor(context, node, ticket, gate, parent);
                  return actor.after(actor.life::begin);
                }));
  }

  @Override
  public Receive<AttemptProtocol.Command> createReceive() {
    return newReceiveBuilder()
        .onMessageEquals(Wake.ARRIVED, () -> after(() -> life.arrived(now())))
        .onMessage(
            AttemptProtocol.Ack.class,
            ack -> heard(ack, () -> life.acknowledged(ack.sequence(), now())))
        .onMessage(
            AttemptProtocol.PromptPiece.class,
            piece -> heard(piece, () -> life.piece(piece, now())))
        .onMessageEquals(SlotGranted.INSTANCE, () -> after(() -> life.slotGranted(now())))
        .onMessage(Loaded.class, loaded -> after(() -> life.loaded(loaded.failure(), now())))
        .onMessageEquals(Wake.TICK, () -> after(() -> life.tick(now())))
        .onMessage(TicketAgain.class, this::onTicketAgain)
        .onMessage(Leave.class, this::onLeave)
        .onMessageEquals(Stay.INSTANCE, () -> after(() -> life.leaving(null, now())))
        .onMessage(Abort.class, abort -> after(() -> life.abort(abort.failure())))
        .onSignal(PostStop.class, signal -> onPostStop())
        .build();
  }

  private Behavior<AttemptProtocol.Command> onTicketAgain(TicketAgain again) {
    ticket = again.ticket();
    return after(life::again);
  }

  /** What comes from the edge is heard unless a drill keeps it back. */
  private Behavior<AttemptProtocol.Command> heard(AttemptProtocol.Command message, Runnable step) {
    var self = getContext().getSelf();
    return gate.hears(() -> self.tell(message)) ? after(step) : this;
  }

  private Behavior<AttemptProtocol.Command> onLeave(Leave leave) {
    var tokens = ticket.expectedTokens();
    var plan = new Leaving(leave.reason(), leave.within(), tokens, now());
    return after(() -> life.leaving(plan, now()));
  }

  private Behavior<AttemptProtocol.Command> after(Runnable step) {
    step.run();
    return life.isOver() ? Behaviors.stopped() : this;
  }

  private Behavior<AttemptProtocol.Command> onPostStop() {
    life.close();
    return this;
  }

  private long now() {
    return node.nanoTime().getAsLong();
  }

  /** The actors and the model around an attempt. */
  private final class Surroundings implements AttemptLife.Port {
    @Override
    public void tell(EdgeProtocol.Command message) {
      gate.say(ticket.edge(), message);
    }

    @Override
    public void offer(int credit) {
      var ways = Beginning.ways(node.pool(), ticket);
      gate.say(
          ticket.edge(),
          new EdgeProtocol.Ready(
              attempt,
              ticket.term(),
              ticket.placement(),
              credit,
              ways,
              parent,
              getContext().getSelf()));
    }

    @Override
    public void promptComplete() {
      parent.tell(new NodeActor.PromptComplete(attempt));
    }

    @Override
    public void slotFree() {
      parent.tell(new NodeActor.SlotFree(attempt));
    }

    @Override
    public Lease acquire() {
      return node.pool().acquire(ticket.placement().model());
    }

    @Override
    public void await(CompletionStage<Void> ready) {
      getContext().pipeToSelf(ready, (done, failure) -> new Loaded(failure));
    }

    @Override
    public @Nullable Double loadShare() {
      return node.pool().model(ticket.placement().model()).map(ModelStatus::progress).orElse(null);
    }

    @Override
    public Generation start(Lease claim, PromptBuffer prompt) throws IOException {
      var model = ticket.placement().model();
      var work = new Beginning.Work(attempt, ticket.api(), model, ticket.expectedTokens());
      return Beginning.of(work, claim, prompt, inbox);
    }

    @Override
    public void completed(Usage usage) {
      node.meters().completed(usage.completionTokens());
    }

    @Override
    public void failed(Kind kind) {
      node.meters().failed(kind);
      if (kind == Kind.RUNTIME_UNREACHABLE) {
        node.pool().rescan();
      }
    }

    @Override
    public void cancelled() {
      node.meters().cancelled();
    }

    @Override
    public void buffered(long change) {
      node.meters().buffered(change);
    }
  }
}
