package org.brokecluster.coordinator.edge;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import java.util.Set;
import java.util.function.Consumer;
import org.brokecluster.protocol.history.ContentProtocol;
import org.brokecluster.protocol.history.HistoryProtocol;

/** Keeps up to date which members offer something. */
final class FinderActor {
  /** What coordinators with a history register as. */
  static final ServiceKey<HistoryProtocol.Query> HISTORY =
      ServiceKey.create(HistoryProtocol.Query.class, "history");

  /** What coordinators with kept texts register as. */
  static final ServiceKey<ContentProtocol.Command> CONTENT =
      ServiceKey.create(ContentProtocol.Command.class, "content");

  /** What those register as besides that keep new texts. */
  static final ServiceKey<ContentProtocol.Command> CONTENT_KEEPING =
      ServiceKey.create(ContentProtocol.Command.class, "content-keeping");

  private FinderActor() {}

  /**
   * Watches the receptionist.
   *
   * @param listener told everybody who offers it
   */
  static <T> Behavior<Receptionist.Listing> create(
      ServiceKey<T> key, Consumer<Set<ActorRef<T>>> listener) {
    return Behaviors.setup(
        context -> {
          context.getSystem().receptionist().tell(Receptionist.subscribe(key, context.getSelf()));
          return Behaviors.receive(Receptionist.Listing.class)
              .onMessage(
                  Receptionist.Listing.class,
                  listing -> {
                    listener.accept(Set.copyOf(listing.getServiceInstances(key)));
                    return Behaviors.same();
                  })
              .build();
        });
  }
}
