package org.brokecluster.coordinator.router;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.cluster.ddata.LWWRegister;
import akka.cluster.ddata.SelfUniqueAddress;
import akka.cluster.ddata.typed.javadsl.DistributedData;
import akka.cluster.ddata.typed.javadsl.Replicator;
import akka.cluster.ddata.typed.javadsl.ReplicatorMessageAdapter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.brokecluster.protocol.state.RouterStatus;
import org.brokecluster.shared.host.GossipKeys;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the router's replicated status, and takes terms: one more than the highest found in the
 * replicated status, in the own data folder, and by the asker. A term is written back to both
 * before it is handed out, so that no later router takes it again. Where the other coordinators or
 * the disk do not answer, it goes on with what it has and says so in the log.
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

  private record FileRead(TakeTerm order, long term, @Nullable Throwable failure)
      implements Command {}

  private record StatusRead(
      TakeTerm order,
      long fileTerm,
      boolean local,
      Replicator.GetResponse<LWWRegister<RouterStatus>> response)
      implements Command {}

  private record FileWritten(TakeTerm order, RouterStatus status, @Nullable Throwable failure)
      implements Command {}

  private record StatusWritten(
      @Nullable TakeTerm order,
      RouterStatus status,
      Replicator.UpdateResponse<LWWRegister<RouterStatus>> response)
      implements Command {}

  private final TermFile file;
  private final Duration timeout;
  private final Executor blocking;
  private final SelfUniqueAddress self;
  private final ReplicatorMessageAdapter<Command, LWWRegister<RouterStatus>> replicator;

  private TermKeeperActor(ActorContext<Command> context, Path dataDir, Duration timeout) {
    super(context);
    context.setLoggerName(TermKeeperActor.class);
    this.file = new TermFile(dataDir);
    this.timeout = timeout;
    this.blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
    var data = DistributedData.get(context.getSystem());
    this.self = data.selfUniqueAddress();
    this.replicator =
        new ReplicatorMessageAdapter<>(context, data.replicator(), timeout.multipliedBy(2));
  }

  /**
   * Keeps terms for routers of this host.
   *
   * @param dataDir the host's data folder
   * @param timeout longest wait for a majority of the members, for reading and again for writing
   */
  public static Behavior<Command> create(Path dataDir, Duration timeout) {
    return Behaviors.setup(context -> new TermKeeperActor(context, dataDir, timeout));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(TakeTerm.class, this::onTakeTerm)
        .onMessage(FileRead.class, this::onFileRead)
        .onMessage(StatusRead.class, this::onStatusRead)
        .onMessage(FileWritten.class, this::onFileWritten)
        .onMessage(StatusWritten.class, this::onStatusWritten)
        .onMessage(Publish.class, this::onPublish)
        .build();
  }

  private Behavior<Command> onTakeTerm(TakeTerm order) {
    var reading =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return file.read();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            blocking);
    getContext()
        .pipeToSelf(
            reading, (term, failure) -> new FileRead(order, failure == null ? term : 0, failure));
    return this;
  }

  private Behavior<Command> onFileRead(FileRead message) {
    if (message.failure() != null) {
      getContext()
          .getLog()
          .warn(
              "cannot read the stored router term, going on without: {}",
              reason(message.failure()));
    }
    readStatus(message.order(), message.term(), false);
    return this;
  }

  private void readStatus(TakeTerm order, long fileTerm, boolean local) {
    var consistency = local ? Replicator.readLocal() : new Replicator.ReadMajority(timeout);
    replicator.askGet(
        replyTo -> new Replicator.Get<>(GossipKeys.router(), consistency, replyTo),
        response -> new StatusRead(order, fileTerm, local, response));
  }

  private Behavior<Command> onStatusRead(StatusRead message) {
    var response = message.response();
    if (response instanceof Replicator.GetSuccess<LWWRegister<RouterStatus>> found) {
      var status = found.get(GossipKeys.router()).getValue();
      take(message.order(), Math.max(message.fileTerm(), status.term()), status);
    } else if (response instanceof Replicator.NotFound<LWWRegister<RouterStatus>>
        || message.local()) {
      take(message.order(), message.fileTerm(), null);
    } else {
      getContext().getLog().warn("no majority answers for the router term, using the own copy");
      readStatus(message.order(), message.fileTerm(), true);
    }
    return this;
  }

  private void take(TakeTerm order, long found, @Nullable RouterStatus before) {
    long term = 1 + Math.max(order.seen(), found);
    var status = order.first().of(term, before);
    var writing =
        CompletableFuture.runAsync(
            () -> {
              try {
                file.write(term);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            blocking);
    getContext().pipeToSelf(writing, (done, failure) -> new FileWritten(order, status, failure));
  }

  private Behavior<Command> onFileWritten(FileWritten message) {
    if (message.failure() != null) {
      getContext()
          .getLog()
          .warn("cannot store the router term, going on without: {}", reason(message.failure()));
    }
    write(message.order(), message.status(), new Replicator.WriteMajority(timeout));
    return this;
  }

  private void write(
      @Nullable TakeTerm order, RouterStatus status, Replicator.WriteConsistency consistency) {
    var address = self;
    var clock = GossipKeys.routerOrder();
    replicator.askUpdate(
        replyTo ->
            new Replicator.Update<>(
                GossipKeys.router(),
                LWWRegister.create(address, status, clock),
                consistency,
                replyTo,
                current -> current.withValue(address, status, clock)),
        response -> new StatusWritten(order, status, response));
  }

  private Behavior<Command> onStatusWritten(StatusWritten message) {
    if (message.order() != null) {
      if (!(message.response() instanceof Replicator.UpdateSuccess<?>)) {
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

  private static String reason(Throwable failure) {
    var cause = failure.getCause() == null ? failure : failure.getCause();
    return String.valueOf(cause.getMessage());
  }
}
