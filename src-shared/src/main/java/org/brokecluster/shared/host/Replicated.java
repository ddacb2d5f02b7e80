package org.brokecluster.shared.host;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import akka.cluster.ddata.Key;
import akka.cluster.ddata.LWWRegister;
import akka.cluster.ddata.SelfUniqueAddress;
import akka.cluster.ddata.typed.javadsl.DistributedData;
import akka.cluster.ddata.typed.javadsl.Replicator;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes replicated registers for one actor. An answer that does not come in time, as on
 * a machine that stood still, is an answer like any other; Akka's own adapter throws then, which
 * ends the actor that asked. Used by that actor only.
 *
 * @param <C> what the actor accepts
 */
public final class Replicated<C> {
  private final ActorContext<C> context;
  private final ActorRef<Replicator.Command> replicator;
  private final SelfUniqueAddress self;
  private final Duration timeout;

  /**
   * For the actor of this context.
   *
   * @param replicator usually its system's
   * @param timeout longest wait for an answer; more than the replicator waits for other members
   */
  public Replicated(
      ActorContext<C> context, ActorRef<Replicator.Command> replicator, Duration timeout) {
    this.context = context;
    this.replicator = replicator;
    this.self = DistributedData.get(context.getSystem()).selfUniqueAddress();
    this.timeout = timeout;
  }

  /**
   * Reads a register.
   *
   * @param heard makes the actor's message of the answer, or of null if none came in time
   */
  public <V> void read(
      Key<LWWRegister<V>> key,
      Replicator.ReadConsistency consistency,
      Function<Replicator.@Nullable GetResponse<LWWRegister<V>>, C> heard) {
    @SuppressWarnings("unchecked") // a class literal knows no type arguments
    var type =
        (Class<Replicator.GetResponse<LWWRegister<V>>>) (Class<?>) Replicator.GetResponse.class;
    context.ask(
        type,
        replicator,
        timeout,
        replyTo -> new Replicator.Get<>(key, consistency, replyTo),
        (response, late) -> heard.apply(response));
  }

  /**
   * Writes a register.
   *
   * @param order says which of two writes is the later one
   * @param heard makes the actor's message of whether it is written as widely as wanted
   */
  public <V> void write(
      Key<LWWRegister<V>> key,
      V value,
      LWWRegister.Clock<V> order,
      Replicator.WriteConsistency consistency,
      Function<Boolean, C> heard) {
    @SuppressWarnings("unchecked") // a class literal knows no type arguments
    var type =
        (Class<Replicator.UpdateResponse<LWWRegister<V>>>)
            (Class<?>) Replicator.UpdateResponse.class;
    context.ask(
        type,
        replicator,
        timeout,
        replyTo ->
            new Replicator.Update<>(
                key,
                LWWRegister.create(self, value, order),
                consistency,
                replyTo,
                current -> current.withValue(self, value, order)),
        (response, late) -> heard.apply(response instanceof Replicator.UpdateSuccess));
  }
}
