package org.brokecluster.coordinator.router;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.cluster.ddata.Key;
import akka.cluster.ddata.LWWRegister;
import akka.cluster.ddata.typed.javadsl.DistributedData;
import akka.cluster.ddata.typed.javadsl.Replicator;
import akka.cluster.ddata.typed.javadsl.ReplicatorMessageAdapter;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Follows registers of one type in Distributed Data. A separate actor for each type, because an
 * actor can have one adapter for the replicator's messages only.
 *
 * @param <T> what the registers hold
 */
final class RegisterWatchActor<T> extends AbstractBehavior<RegisterWatchActor.Command<T>> {
  private static final Duration REPLICATOR_PATIENCE = Duration.ofSeconds(5);

  /** Anything this actor accepts. */
  sealed interface Command<T> {}

  /** Follow this register; {@code onValue} is called on this actor's thread and must not block. */
  record Watch<T>(Key<LWWRegister<T>> key, Consumer<T> onValue) implements Command<T> {}

  /** Follow it no longer, and delete it here: whoever wrote it is gone for ever. */
  record Forget<T>(Key<LWWRegister<T>> key) implements Command<T> {}

  private record Written<T>(
      Consumer<T> onValue, Replicator.SubscribeResponse<LWWRegister<T>> response)
      implements Command<T> {}

  private record Deleted<T>(Key<LWWRegister<T>> key) implements Command<T> {}

  private final ReplicatorMessageAdapter<Command<T>, LWWRegister<T>> replicator;

  private RegisterWatchActor(ActorContext<Command<T>> context) {
    super(context);
    this.replicator =
        new ReplicatorMessageAdapter<>(
            context, DistributedData.get(context.getSystem()).replicator(), REPLICATOR_PATIENCE);
  }

  static <T> Behavior<Command<T>> create() {
    return Behaviors.setup(RegisterWatchActor<T>::new);
  }

  @Override
  public Receive<Command<T>> createReceive() {
    // The table of a generic actor: there are no class literals to dispatch on.
    return newReceiveBuilder().onAnyMessage(this::onMessage).build();
  }

  private Behavior<Command<T>> onMessage(Command<T> message) {
    if (message instanceof Watch<T> watch) {
      return onWatch(watch);
    }
    if (message instanceof Forget<T> forget) {
      return onForget(forget);
    }
    return message instanceof Written<T> written ? onWritten(written) : this;
  }

  private Behavior<Command<T>> onWatch(Watch<T> message) {
    replicator.subscribe(message.key(), response -> new Written<>(message.onValue(), response));
    return this;
  }

  private Behavior<Command<T>> onForget(Forget<T> message) {
    replicator.unsubscribe(message.key());
    replicator.askDelete(
        replyTo -> new Replicator.Delete<>(message.key(), Replicator.writeLocal(), replyTo),
        response -> new Deleted<>(message.key()));
    return this;
  }

  private Behavior<Command<T>> onWritten(Written<T> message) {
    if (message.response() instanceof Replicator.Changed<LWWRegister<T>> change) {
      message.onValue().accept(change.dataValue().getValue());
    }
    return this;
  }
}
