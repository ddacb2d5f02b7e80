package org.brokecluster.coordinator.router;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.actor.typed.receptionist.Receptionist;
import akka.cluster.ddata.LWWRegister;
import akka.cluster.ddata.typed.javadsl.DistributedData;
import akka.cluster.ddata.typed.javadsl.Replicator;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.brokecluster.protocol.router.TermProtocol;
import org.brokecluster.protocol.state.RouterStatus;
import org.brokecluster.shared.host.GossipKeys;
import org.brokecluster.shared.host.Replicated;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the router's replicated status, and takes terms: one more than the highest found with the
 * coordinators' witnesses, in the replicated status, and by the asker. Before a term is handed out,
 * a majority of the coordinators has it on disk, so that no later router takes it again: it asks a
 * majority too. Where no majority answers in time, it leaps over every term that may have been
 * taken meanwhile, goes on, and says so in the log.
 */
public final class TermKeeperActor extends AbstractBehavior<TermKeeperActor.Command> {
  /** Anything this actor accepts. */
  public sealed interface Command {}

  /**
   * Take a term.
   *
   * @param seen highest term the asker has heard of; the new one is above it
   * @param first makes the term's first status from its number and the status found, if any
   */
  record TakeTerm(long seen, FirstStatus first, ActorRef<TermTaken> replyTo) implements Command {}

  /** Makes the first status of a term. */
  interface FirstStatus {
    /** The status to publish with a new term. */
    RouterStatus of(long term, @Nullable RouterStatus before);
  }

  /** A term is taken; {@code status} is published already. */
  record TermTaken(RouterStatus status) {}

  /** Publish a status; an older term than a published one changes nothing. */
  record Publish(RouterStatus status) implements Command {}

  private record Witnesses(Receptionist.Listing listing) implements Command {}

  private record Answered(TermProtocol.Promised promised) implements Command {}

  private enum Timer implements Command {
    OVERDUE
  }

  private record StatusRead(
      TakeTerm order,
      long promised,
      boolean local,
      Replicator.@Nullable GetResponse<LWWRegister<RouterStatus>> response)
      implements Command {}

  private record StatusWritten(@Nullable TakeTerm order, RouterStatus status, boolean success)
      implements Command {}

  /**
   * A question to the witnesses.
   *
   * @param status what is to be published if they promise its term; nothing while they are only
   *     asked what they have
   */
  private record Round(TakeTerm order, @Nullable RouterStatus status, TermBallot ballot) {
    long asked() {
      return status == null ? 0 : status.term();
    }
  }

  private final int coordinators;
  private final Duration timeout;
  private final TimerScheduler<Command> timers;
  private final Set<ActorRef<TermProtocol.Command>> witnesses = new HashSet<>();
  private final ActorRef<TermProtocol.Promised> promises;
  private final Replicated<Command> replicated;
  private @Nullable Round round;

  private TermKeeperActor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ActorRef<TermProtocol.Command> witness,
      ActorRef<Replicator.Command> replicator,
      int coordinators,
      Duration timeout) {
    super(context);
    context.setLoggerName(TermKeeperActor.class);
    this.coordinators = coordinators;
    this.timeout = timeout;
    this.timers = timers;
    witnesses.add(witness);
    promises = context.messageAdapter(TermProtocol.Promised.class, Answered::new);
    var listings = context.messageAdapter(Receptionist.Listing.class, Witnesses::new);
    context.getSystem().receptionist().tell(Receptionist.subscribe(TermWitnessActor.KEY, listings));
    this.replicated = new Replicated<>(context, replicator, timeout.multipliedBy(2));
  }

  /**
   * Keeps terms for routers of this host.
   *
   * @param witness the witness of this host; those of others are found by themselves
   * @param coordinators how many coordinators the cluster has, 1 or 3
   * @param timeout longest wait for a majority of the coordinators, twice, and of the members, for
   *     reading and again for writing
   */
  public static Behavior<Command> create(
      ActorRef<TermProtocol.Command> witness, int coordinators, Duration timeout) {
    return Behaviors.setup(
        context ->
            create(
                witness,
                DistributedData.get(context.getSystem()).replicator(),
                coordinators,
                timeout));
  }

  static Behavior<Command> create(
      ActorRef<TermProtocol.Command> witness,
      ActorRef<Replicator.Command> replicator,
      int coordinators,
      Duration timeout) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new TermKeeperActor(
                        context, timers, witness, replicator, coordinators, timeout)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(TakeTerm.class, this::onTakeTerm)
        .onMessage(Witnesses.class, this::onWitnesses)
        .onMessage(Answered.class, this::onAnswered)
        .onMessageEquals(Timer.OVERDUE, this::conclude)
        .onMessage(StatusRead.class, this::onStatusRead)
        .onMessage(StatusWritten.class, this::onStatusWritten)
        .onMessage(Publish.class, this::onPublish)
        .build();
  }

  private Behavior<Command> onTakeTerm(TakeTerm order) {
    ask(new Round(order, null, new TermBallot(coordinators)));
    return this;
  }

  private void ask(Round next) {
    round = next;
    timers.startSingleTimer(Timer.OVERDUE, timeout);
    witnesses.forEach(witness -> witness.tell(new TermProtocol.Promise(next.asked(), promises)));
  }

  private Behavior<Command> onWitnesses(Witnesses message) {
    var present = message.listing().getServiceInstances(TermWitnessActor.KEY);
    for (var witness : present) {
      if (witnesses.add(witness) && round != null) {
        witness.tell(new TermProtocol.Promise(round.asked(), promises));
      }
    }
    return this;
  }

  private Behavior<Command> onAnswered(Answered message) {
    var promised = message.promised();
    if (round == null || promised.asked() != round.asked()) {
      return this;
    }
    round.ballot().answered(promised.coordinator(), promised.kept(), promised.stored());
    return round.ballot().complete() ? conclude() : this;
  }

  /** All have answered that are needed, or the time is over. */
  private Behavior<Command> conclude() {
    var asked = round;
    if (asked == null) {
      return this;
    }
    round = null;
    timers.cancel(Timer.OVERDUE);
    var status = asked.status();
    if (status == null) {
      readStatus(asked.order(), floor(asked.ballot()), false);
    } else if (asked.ballot().highest() > status.term()) {
      propose(asked.order(), asked.ballot().highest(), status);
    } else {
      if (!asked.ballot().majority()) {
        getContext().getLog().warn("no majority keeps router term {} yet", status.term());
      }
      write(asked.order(), status, new Replicator.WriteMajority(timeout));
    }
    return this;
  }

  private long floor(TermBallot ballot) {
    if (!ballot.majority()) {
      getContext()
          .getLog()
          .warn(
              "no majority of {} coordinators answers for the router term: leaping to above {}",
              coordinators,
              ballot.safeFloor());
    }
    return ballot.safeFloor();
  }

  private void readStatus(TakeTerm order, long promised, boolean local) {
    var consistency = local ? Replicator.readLocal() : new Replicator.ReadMajority(timeout);
    replicated.read(
        GossipKeys.router(),
        consistency,
        response -> new StatusRead(order, promised, local, response));
  }

  private Behavior<Command> onStatusRead(StatusRead message) {
    var response = message.response();
    if (response instanceof Replicator.GetSuccess<LWWRegister<RouterStatus>> found) {
      var status = found.get(GossipKeys.router()).getValue();
      propose(message.order(), Math.max(message.promised(), status.term()), status);
    } else if (response instanceof Replicator.NotFound<LWWRegister<RouterStatus>>
        || message.local()) {
      propose(message.order(), message.promised(), null);
    } else {
      getContext().getLog().warn("no majority answers for the router's status, using the own copy");
      readStatus(message.order(), message.promised(), true);
    }
    return this;
  }

  /** Lets the witnesses promise the term above everything found. */
  private void propose(TakeTerm order, long found, @Nullable RouterStatus before) {
    long term = 1 + Math.max(order.seen(), found);
    ask(new Round(order, order.first().of(term, before), new TermBallot(coordinators)));
  }

  private void write(
      @Nullable TakeTerm order, RouterStatus status, Replicator.WriteConsistency consistency) {
    replicated.write(
        GossipKeys.router(),
        status,
        GossipKeys.routerOrder(),
        consistency,
        success -> new StatusWritten(order, status, success));
  }

  private Behavior<Command> onStatusWritten(StatusWritten message) {
    if (message.order() != null) {
      if (!message.success()) {
        getContext()
            .getLog()
            .warn("router term {} has not reached a majority yet", message.status().term());
      }
      message.order().replyTo().tell(new TermTaken(message.status()));
    }
    return this;
  }

  private Behavior<Command> onPublish(Publish message) {
    write(null, message.status(), Replicator.writeLocal());
    return this;
  }
}
