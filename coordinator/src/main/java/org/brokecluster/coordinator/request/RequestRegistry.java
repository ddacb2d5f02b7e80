package org.brokecluster.coordinator.request;

import akka.actor.typed.ActorRef;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.brokecluster.protocol.id.RequestId;
import org.jspecify.annotations.Nullable;

/**
 * The requests under way on this host, and the link they use. Outlives memberships: the edge actor
 * of each finds its requests here. Thread safe; bounded by whoever adds (see {@link
 * RequestsActor}).
 */
final class RequestRegistry {
  private final ConcurrentMap<RequestId, ActorRef<RequestActor.Command>> requests =
      new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable EdgeLink> link = new AtomicReference<>();

  void add(RequestId id, ActorRef<RequestActor.Command> request) {
    requests.put(id, request);
  }

  void remove(RequestId id) {
    requests.remove(id);
  }

  @Nullable ActorRef<RequestActor.Command> find(RequestId id) {
    return requests.get(id);
  }

  int size() {
    return requests.size();
  }

  void forEach(Consumer<ActorRef<RequestActor.Command>> action) {
    requests.values().forEach(action);
  }

  /** The way into the cluster, or null between two memberships. */
  @Nullable EdgeLink link() {
    return link.get();
  }

  /** A membership began: everybody uses its link. */
  void linked(EdgeLink next) {
    link.set(next);
    forEach(request -> request.tell(new RequestActor.Linked(next)));
  }

  /** A membership ended; ignored if the next one has taken over already. */
  void unlinked(EdgeLink ended) {
    if (link.compareAndSet(ended, null)) {
      forEach(request -> request.tell(RequestActor.Signal.UNLINKED));
    }
  }
}
