package org.brokecluster.coordinator.edge;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.receptionist.Receptionist;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.brokecluster.coordinator.request.KeptAnswersActor;
import org.brokecluster.protocol.edge.KeptProtocol;

/** Keeps up to date which edges there are. */
final class EdgeFinderActor {
  private EdgeFinderActor() {}

  /**
   * Watches the receptionist.
   *
   * @param listener told all edges by their processes
   */
  static Behavior<Receptionist.Listing> create(
      Consumer<Map<String, ActorRef<KeptProtocol.Command>>> listener) {
    return Behaviors.setup(
        context -> {
          var key = KeptAnswersActor.KEY;
          context.getSystem().receptionist().tell(Receptionist.subscribe(key, context.getSelf()));
          return Behaviors.receive(Receptionist.Listing.class)
              .onMessage(
                  Receptionist.Listing.class,
                  listing -> {
                    var edges = new HashMap<String, ActorRef<KeptProtocol.Command>>();
                    listing
                        .getServiceInstances(key)
                        .forEach(edge -> edges.put(KeptAnswersActor.process(edge), edge));
                    listener.accept(edges);
                    return Behaviors.same();
                  })
              .build();
        });
  }
}
