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
import java.util.Objects;
import java.util.function.LongFunction;
import org.brokecluster.node.attempt.ChunkInbox;
import org.brokecluster.node.attempt.PromptBuffer;
import org.brokecluster.node.attempt.Stopwatch;
import org.brokecluster.node.models.Lease;
import org.brokecluster.node.models.ModelStatus;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.node.AttemptProtocol;
import org.brokecluster.protocol.node.NodeProtocol;
import org.jspecify.annotations.Nullable;

/**
 * One attempt from its ticket to its edge's last acknowledgement: collects the prompt, waits for a
 * slot and the model, drains the runtime as fast as it goes, and sends what the edge's window
 * allows. Its slot is free as soon as the runtime has ended, whatever its client still has to read.
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

  private record Loaded(@Nullable Throwable failure) implements AttemptProtocol.Command {}

  private enum Wake implements AttemptProtocol.Command {
    ARRIVED,
    TICK
  }

  private enum Phase {
    PROMPT,
    SLOT,
    LOADING,
    RUNNING,
    FLUSHING
  }

  private final NodeContext node;
  private final ActorRef<NodeProtocol.Command> parent;
  private final AttemptId attempt;
  private final EdgeStream out;
  private final ChunkInbox inbox;
  private final Stopwatch watch = new Stopwatch();
  private NodeProtocol.Ticket ticket;
  private @Nullable PromptBuffer prompt;
  private @Nullable Lease lease;
  private @Nullable Generation generation;
  private Phase phase = Phase.PROMPT;
  private long heardNanos;
  private long tickNanos;

  private AttemptActor(
      ActorContext<AttemptProtocol.Command> context,
      NodeContext node,
      NodeProtocol.Ticket ticket,
      ActorRef<NodeProtocol.Command> parent) {
    super(context);
    var settings = node.settings().stream();
    var self = context.getSelf();
    this.node = node;
    this.parent = parent;
    this.ticket = ticket;
    this.attempt = ticket.attempt();
    this.out = new EdgeStream(attempt, ticket.edge(), settings, node.meters());
    this.inbox = new ChunkInbox(() -> self.tell(Wake.ARRIVED), node.nanoTime());
    this.prompt =
        new PromptBuffer(ticket.promptBytes(), settings.promptMax(), settings.promptCredit());
    this.heardNanos = now();
    this.tickNanos = heardNanos;
  }

  /** An attempt that offers itself to its edge at once. */
  static Behavior<AttemptProtocol.Command> create(
      NodeContext node, NodeProtocol.Ticket ticket, ActorRef<NodeProtocol.Command> parent) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(Wake.TICK, node.settings().readyInterval());
                  return new AttemptActor(context, node, ticket, parent).offered();
                }));
  }

  @Override
  public Receive<AttemptProtocol.Command> createReceive() {
    return newReceiveBuilder()
        .onMessageEquals(Wake.ARRIVED, this::onArrived)
        .onMessage(AttemptProtocol.Ack.class, this::onAck)
        .onMessage(AttemptProtocol.PromptPiece.class, this::onPromptPiece)
        .onMessageEquals(SlotGranted.INSTANCE, this::onSlotGranted)
        .onMessage(Loaded.class, this::onLoaded)
        .onMessageEquals(Wake.TICK, this::onTick)
        .onMessage(TicketAgain.class, this::onTicketAgain)
        .onMessage(Abort.class, this::onAbort)
        .onSignal(PostStop.class, signal -> onPostStop())
        .build();
  }

  private Behavior<AttemptProtocol.Command> offered() {
    long max = node.settings().stream().promptMax();
    if (ticket.promptBytes() > max) {
      var bounds = "the prompt has %d bytes, this node takes %d (broke.node.prompt-max)";
      return fail(tooLarge(bounds.formatted(ticket.promptBytes(), max)));
    }
    offer();
    return this;
  }

  private void offer() {
    int allowed = prompt == null ? 0 : prompt.allowed();
    var placement = ticket.placement();
    var ways = Beginning.ways(node.pool(), ticket);
    out.tell(
        new EdgeProtocol.Ready(
            attempt, ticket.term(), placement, allowed, ways, parent, getContext().getSelf()));
  }

  private Behavior<AttemptProtocol.Command> onTicketAgain(TicketAgain again) {
    ticket = again.ticket();
    out.edge(ticket.edge());
    offer();
    return this;
  }

  private Behavior<AttemptProtocol.Command> onPromptPiece(AttemptProtocol.PromptPiece piece) {
    if (prompt == null) {
      return this;
    }
    heardNanos = now();
    return switch (prompt.add(piece)) {
      case MORE -> {
        prompt.creditDue().ifPresent(out::credit);
        yield this;
      }
      case COMPLETE -> prompted();
      case REPEATED -> this;
      case GAP -> fail(AttemptFailure.of(Kind.NODE_LOST, "prompt_piece_lost", "a piece was lost"));
      case TOO_LARGE -> fail(tooLarge("the prompt is larger than announced"));
    };
  }

  private static AttemptFailure tooLarge(String message) {
    return AttemptFailure.of(Kind.BAD_REQUEST, "prompt_too_large", message);
  }

  private Behavior<AttemptProtocol.Command> prompted() {
    phase = Phase.SLOT;
    watch.prompted(now());
    parent.tell(new NodeActor.PromptComplete(attempt));
    return this;
  }

  private Behavior<AttemptProtocol.Command> onSlotGranted() {
    watch.slotted(now());
    phase = Phase.LOADING;
    var claim = node.pool().acquire(ticket.placement().model());
    lease = claim;
    var ready = claim.ready().toCompletableFuture();
    if (ready.isDone() && !ready.isCompletedExceptionally()) {
      return start(claim);
    }
    out.progress(EdgeProtocol.Phase.LOADING, loadShare());
    getContext().pipeToSelf(ready, (done, failure) -> new Loaded(failure));
    return this;
  }

  private Behavior<AttemptProtocol.Command> onLoaded(Loaded loaded) {
    var claim = lease;
    if (phase != Phase.LOADING || claim == null) {
      return this;
    }
    if (loaded.failure() != null) {
      var reason = String.valueOf(loaded.failure().getMessage());
      return fail(AttemptFailure.of(Kind.LOAD_FAILED, "model_load_failed", reason));
    }
    return start(claim);
  }

  private Behavior<AttemptProtocol.Command> start(Lease claim) {
    var complete = Objects.requireNonNull(prompt, "an attempt started twice");
    prompt = null;
    phase = Phase.RUNNING;
    heardNanos = now();
    watch.started(heardNanos);
    out.progress(EdgeProtocol.Phase.PREFILL, null);
    try {
      var begun = Beginning.of(ticket, claim, complete, inbox);
      generation = begun;
      begun.request(node.settings().stream().chunkCredit());
      return this;
    } catch (IOException e) {
      var message = String.valueOf(e.getMessage());
      return fail(AttemptFailure.of(Kind.BAD_REQUEST, "invalid_body", message));
    }
  }

  private Behavior<AttemptProtocol.Command> onArrived() {
    var running = generation;
    if (running == null) {
      return this;
    }
    var content = inbox.take();
    heardNanos = now();
    if (content.prefill() != null) {
      out.progress(EdgeProtocol.Phase.PREFILL, content.prefill());
    }
    for (var chunk : content.chunks()) {
      var failure = out.take(chunk, heardNanos);
      if (failure != null) {
        return fail(failure);
      }
    }
    out.send(heardNanos);
    if (content.end() != null) {
      return ended(content.end());
    }
    if (content.failure() != null) {
      return broken(content.failure());
    }
    running.request(content.chunks().size());
    return this;
  }

  private Behavior<AttemptProtocol.Command> ended(ChunkInbox.End end) {
    watch.ended(inbox, now());
    if (lease != null) {
      lease.measured(watch.measurement(end.usage()));
    }
    node.meters().completed(end.usage().completionTokens());
    return flush(
        batches ->
            new EdgeProtocol.AttemptEnded(
                attempt,
                batches,
                end.reason(),
                end.usage(),
                watch.waitedMs(),
                watch.loadMs(),
                watch.prefillMs(),
                watch.decodeMs()));
  }

  private Behavior<AttemptProtocol.Command> broken(AttemptFailure failure) {
    node.meters().failed(failure.kind());
    if (failure.kind() == Kind.RUNTIME_UNREACHABLE) {
      node.pool().rescan();
    }
    return flush(batches -> new EdgeProtocol.AttemptFailed(attempt, batches, failure));
  }

  /** The runtime has ended: its slot is free, the edge gets the rest as it takes it. */
  private Behavior<AttemptProtocol.Command> flush(LongFunction<EdgeProtocol.Command> lastWord) {
    phase = Phase.FLUSHING;
    generation = null;
    closeLease();
    parent.tell(new NodeActor.SlotFree(attempt));
    out.finish(lastWord, now());
    return stoppedIfDone();
  }

  private Behavior<AttemptProtocol.Command> onAck(AttemptProtocol.Ack ack) {
    out.ack(ack.sequence(), now());
    return stoppedIfDone();
  }

  private Behavior<AttemptProtocol.Command> stoppedIfDone() {
    return out.done() ? Behaviors.stopped() : this;
  }

  private Behavior<AttemptProtocol.Command> onTick() {
    forgiveOwnSleep();
    return switch (phase) {
      case PROMPT -> tickPrompt();
      case SLOT -> told(EdgeProtocol.Phase.WAITING, null);
      case LOADING -> told(EdgeProtocol.Phase.LOADING, loadShare());
      case RUNNING, FLUSHING -> tickStream();
    };
  }

  private Behavior<AttemptProtocol.Command> told(EdgeProtocol.Phase doing, @Nullable Double share) {
    out.progress(doing, share);
    return this;
  }

  /** A tick that comes late means that this machine slept: nobody else is blamed for that time. */
  private void forgiveOwnSleep() {
    var settings = node.settings();
    boolean slept = passed(tickNanos, settings.readyInterval().plus(settings.lateTick()));
    tickNanos = now();
    if (slept) {
      heardNanos = tickNanos;
      out.forgive(tickNanos);
    }
  }

  private Behavior<AttemptProtocol.Command> tickPrompt() {
    var limit = node.settings().stream().promptTimeout();
    if (passed(heardNanos, limit)) {
      return fail(
          AttemptFailure.of(
              Kind.NODE_LOST,
              "prompt_timeout",
              "no piece of the prompt came for " + limit.toSeconds() + " s"));
    }
    if (prompt != null && !prompt.begun()) {
      offer();
    }
    return this;
  }

  private Behavior<AttemptProtocol.Command> tickStream() {
    var silence = node.settings().stream().runtimeSilence();
    if (out.stuck(now())) {
      return fail(EdgeStream.slowClient());
    }
    if (phase == Phase.RUNNING && passed(heardNanos, silence)) {
      var message = "the runtime was silent for " + silence.toSeconds() + " s";
      return fail(AttemptFailure.of(Kind.STALLED, "runtime_silent", message));
    }
    return this;
  }

  private @Nullable Double loadShare() {
    return node.pool().model(ticket.placement().model()).map(ModelStatus::progress).orElse(null);
  }

  private Behavior<AttemptProtocol.Command> onAbort(Abort abort) {
    if (abort.failure() != null) {
      return fail(abort.failure());
    }
    if (phase != Phase.FLUSHING) {
      node.meters().cancelled();
    }
    out.forget();
    return Behaviors.stopped();
  }

  /** Ends now; what has not been sent is dropped. */
  private Behavior<AttemptProtocol.Command> fail(AttemptFailure failure) {
    if (!out.over() && (phase != Phase.FLUSHING || failure.kind() == Kind.SLOW_CLIENT)) {
      node.meters().failed(failure.kind());
    }
    out.fail(failure);
    return Behaviors.stopped();
  }

  private Behavior<AttemptProtocol.Command> onPostStop() {
    if (generation != null) {
      generation.cancel();
    }
    closeLease();
    out.close();
    // Only an actor that broke has not said its last word by now.
    out.fail(
        AttemptFailure.of(Kind.NODE_LOST, "attempt_lost", "the node lost track of the attempt"));
    return this;
  }

  private void closeLease() {
    if (lease != null) {
      lease.close();
      lease = null;
    }
  }

  private boolean passed(long sinceNanos, Duration limit) {
    return now() - sinceNanos > limit.toNanos();
  }

  private long now() {
    return node.nanoTime().getAsLong();
  }
}
