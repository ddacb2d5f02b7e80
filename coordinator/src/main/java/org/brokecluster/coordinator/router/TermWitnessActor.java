package org.brokecluster.coordinator.router;

import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import akka.cluster.ddata.LWWRegister;
import akka.cluster.ddata.typed.javadsl.DistributedData;
import akka.cluster.ddata.typed.javadsl.Replicator;
import akka.cluster.ddata.typed.javadsl.ReplicatorMessageAdapter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.router.TermProtocol.Command;
import org.brokecluster.protocol.router.TermProtocol.Internal;
import org.brokecluster.protocol.router.TermProtocol.Promise;
import org.brokecluster.protocol.router.TermProtocol.Promised;
import org.brokecluster.protocol.state.RouterStatus;
import org.brokecluster.shared.host.GossipKeys;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the highest router term this coordinator has heard of in its data folder: what it promised
 * to a new router, and what routers say about themselves. One on every coordinator, whether it runs
 * the router or not.
 */
public final class TermWitnessActor extends AbstractBehavior<Command> {
  /** What witnesses register as. */
  public static final ServiceKey<Command> KEY = ServiceKey.create(Command.class, "term-witness");

  /** Questions that may wait for the disk; the oldest is given up, and asked again. */
  private static final int WAITING_MAX = 64;

  private record StatusSeen(Replicator.SubscribeResponse<LWWRegister<RouterStatus>> response)
      implements Internal {}

  private record FileRead(long term, @Nullable Throwable failure) implements Internal {}

  private record FileWritten(long term, @Nullable Throwable failure) implements Internal {}

  private final NodeId self;
  private final TermFile file;
  private final Executor blocking;
  private final List<Promise> waiting = new ArrayList<>();
  private boolean busy;
  private boolean failing;

  /** What was stored cannot be read, and nothing has been stored since. */
  private boolean forgotten;

  private long known;
  private long stored;

  private TermWitnessActor(ActorContext<Command> context, NodeId self, Path dataDir) {
    super(context);
    context.setLoggerName(TermWitnessActor.class);
    this.self = self;
    this.file = new TermFile(dataDir);
    this.blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
    var replicator =
        new ReplicatorMessageAdapter<Command, LWWRegister<RouterStatus>>(
            context, DistributedData.get(context.getSystem()).replicator(), Duration.ofSeconds(1));
    replicator.subscribe(GossipKeys.router(), StatusSeen::new);
    context.getSystem().receptionist().tell(Receptionist.register(KEY, context.getSelf()));
    busy = true;
    context.pipeToSelf(
        CompletableFuture.supplyAsync(this::read, blocking),
        (term, failure) -> new FileRead(failure == null ? term : 0, failure));
  }

  /**
   * Keeps terms for the coordinator {@code self}, and registers as its witness.
   *
   * @param dataDir the host's data folder
   */
  public static Behavior<Command> create(NodeId self, Path dataDir) {
    return Behaviors.setup(context -> new TermWitnessActor(context, self, dataDir));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Promise.class, this::onPromise)
        .onMessage(StatusSeen.class, this::onStatus)
        .onMessage(FileRead.class, this::onFileRead)
        .onMessage(FileWritten.class, this::onFileWritten)
        .build();
  }

  private Behavior<Command> onPromise(Promise promise) {
    known = Math.max(known, promise.term());
    if (waiting.size() == WAITING_MAX) {
      waiting.remove(0);
    }
    waiting.add(promise);
    return next();
  }

  private Behavior<Command> onStatus(StatusSeen message) {
    if (message.response() instanceof Replicator.Changed<LWWRegister<RouterStatus>> changed) {
      known = Math.max(known, changed.get(GossipKeys.router()).getValue().term());
    }
    return next();
  }

  private Behavior<Command> onFileRead(FileRead message) {
    forgotten = message.failure() != null;
    stored = message.term();
    known = Math.max(known, stored);
    return afterDisk(message.failure(), "read");
  }

  private Behavior<Command> onFileWritten(FileWritten message) {
    if (message.failure() == null) {
      stored = message.term();
      forgotten = false;
    }
    return afterDisk(message.failure(), "write");
  }

  private Behavior<Command> afterDisk(@Nullable Throwable failure, String what) {
    busy = false;
    failing = failure != null;
    if (failure != null) {
      var cause = failure.getCause() == null ? failure : failure.getCause();
      getContext()
          .getLog()
          .warn("cannot {} the router term, going on without: {}", what, cause.getMessage());
      answer();
    }
    return next();
  }

  /** Writes what is not stored yet, then answers; a disk that failed is tried when asked again. */
  private Behavior<Command> next() {
    if (!busy) {
      if (known > stored && (!failing || !waiting.isEmpty())) {
        write(known);
      } else {
        answer();
      }
    }
    return this;
  }

  private void answer() {
    boolean safe = known == stored && !forgotten;
    waiting.forEach(
        promise -> promise.replyTo().tell(new Promised(self, promise.term(), known, safe)));
    waiting.clear();
  }

  private void write(long term) {
    busy = true;
    getContext()
        .pipeToSelf(
            CompletableFuture.runAsync(() -> store(term), blocking),
            (done, failure) -> new FileWritten(term, failure));
  }

  private long read() {
    try {
      return file.read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void store(long term) {
    try {
      file.write(term);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
