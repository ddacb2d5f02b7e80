package org.brokecluster.coordinator.edge;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import java.util.Set;
import java.util.function.Consumer;
import org.brokecluster.protocol.history.HistoryProtocol;

/** Keeps up to date which coordinators answer questions to the routing history. */
final class HistoryFinderActor {
  /** What coordinators with a history register as. */
  static final ServiceKey<HistoryProtocol.Query> KEY =
      ServiceKey.create(HistoryProtocol.Query.class, "history");

  private HistoryFinderActor() {}

  /**
   * Watches the receptionist.
   *
   * @param listener told every history that can be asked
   */
  static Behavior<Receptionist.Listing> create(
      Consumer<Set<ActorRef<HistoryProtocol.Query>>> listener) {
    return Behaviors.setup(
        context -> {
          context.getSystem().receptionist().tell(Receptionist.subscribe(KEY, context.getSelf()));
          return Behaviors.receive(Receptionist.Listing.class)
              .onMessage(
                  Receptionist.Listing.class,
                  listing -> {
                    listener.accept(Set.copyOf(listing.getServiceInstances(KEY)));
                    return Behaviors.same();
                  })
              .build();
        });
  }
}
