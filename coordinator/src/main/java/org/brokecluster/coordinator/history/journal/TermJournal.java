package org.brokecluster.coordinator.history.journal;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.BackoffSupervisorStrategy;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.Recovery;
import akka.persistence.typed.javadsl.SignalHandler;
import java.time.Duration;
import java.util.List;

/**
 * The event-sourced entity behind one persistence id: takes rows, stores them in order, and says up
 * to which sequence number they are stored. The state of record is folded by its writer; a start
 * therefore replays nothing and only asks for the highest sequence number, whatever the day's size.
 *
 * <p>It stops when the journal fails; who spawned it starts another and learns from {@link Ready}
 * whether the last rows had been stored after all.
 */
public final class TermJournal extends EventSourcedBehavior<TermJournal.Append, EventBatch, Done> {

  /**
   * Stores rows, all or none; answered with {@link Stored}.
   *
   * @param rows at least one
   */
  public record Append(List<EventBatch> rows) {
    /** Copies the list. */
    public Append {
      rows = List.copyOf(rows);
    }
  }

  /** What the entity says. */
  public sealed interface Reply permits Ready, Stored {}

  /**
   * It can take rows.
   *
   * @param journal to whom rows are sent
   * @param lastSequence highest sequence number stored under this id, 0 if there is none
   */
  public record Ready(ActorRef<Append> journal, long lastSequence) implements Reply {}

  /**
   * Rows are stored.
   *
   * @param lastSequence sequence number of the last one
   */
  public record Stored(long lastSequence) implements Reply {}

  /** Stops at a failure of the journal and leaves it to the writer to speak of it, once. */
  private static final BackoffSupervisorStrategy NO_RESTART =
      SupervisorStrategy.restartWithBackoff(Duration.ofMillis(1), Duration.ofMillis(1), 0)
          .withMaxRestarts(0)
          .withLoggingEnabled(false);

  private final ActorContext<Append> context;
  private final ActorRef<Reply> replyTo;

  private TermJournal(ActorContext<Append> context, HistoryId id, ActorRef<Reply> replyTo) {
    super(PersistenceId.ofUniqueId(id.persistenceId()), NO_RESTART);
    this.context = context;
    this.replyTo = replyTo;
  }

  /** The entity of one persistence id; speaks to {@code replyTo} only. */
  public static Behavior<Append> create(HistoryId id, ActorRef<Reply> replyTo) {
    return Behaviors.setup(context -> new TermJournal(context, id, replyTo));
  }

  @Override
  public Done emptyState() {
    return Done.getInstance();
  }

  @Override
  public Recovery recovery() {
    return Recovery.disabled();
  }

  @Override
  public CommandHandler<Append, EventBatch, Done> commandHandler() {
    return newCommandHandlerBuilder().forAnyState().onCommand(Append.class, this::onAppend).build();
  }

  @Override
  public EventHandler<Done, EventBatch> eventHandler() {
    return newEventHandlerBuilder().forAnyState().onAnyEvent((state, row) -> state);
  }

  @Override
  public SignalHandler<Done> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), state -> ready())
        .build();
  }

  private void ready() {
    replyTo.tell(new Ready(context.getSelf(), lastSequenceNumber(context)));
  }

  private Effect<EventBatch, Done> onAppend(Done state, Append command) {
    return Effect()
        .persist(command.rows())
        .thenRun(ignored -> replyTo.tell(new Stored(lastSequenceNumber(context))));
  }
}
