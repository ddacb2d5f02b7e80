package org.brokecluster.coordinator.routing.room;

import java.util.Map;
import java.util.function.Predicate;
import org.brokecluster.coordinator.routing.ledger.Ledger;
import org.brokecluster.coordinator.routing.queue.Flow;
import org.brokecluster.coordinator.routing.state.NodeSpots;
import org.brokecluster.coordinator.routing.state.Snapshot;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;

/**
 * Says which free slots a request may not have: those beyond the limits of the cluster and of the
 * node; those that its flow leaves to others while others are about, because an answer that runs
 * cannot be taken back, so that room for the next one must be there before it comes (and a flow
 * then keeps one model busy on a node, since each further one slows all the others there); and
 * those on a node that gathers room for a model somebody has waited for long enough. Not thread
 * safe.
 */
public final class Room {
  private final RoomSettings settings;
  private final Others others;
  private Capacity capacity;

  /** An empty cluster. */
  public Room(RoomSettings settings) {
    this.settings = settings;
    this.others = new Others(settings.window().toMillis());
    this.capacity = new Capacity(Snapshot.EMPTY, settings);
  }

  /** A request of this flow comes, or ends. */
  public void seen(Flow flow, long nowMs) {
    others.seen(flow, nowMs);
  }

  /** The nodes have changed. */
  public void sees(Snapshot snapshot) {
    capacity = new Capacity(snapshot, settings);
  }

  /** Answers that may be made at once in the cluster. */
  public int limit() {
    return capacity.total();
  }

  /** Answers that may be made at once on a node. */
  public int limit(NodeSpots node) {
    return capacity.of(node);
  }

  /**
   * The gate for one request in one decision.
   *
   * @param flow whose request it is
   * @param kept nodes that gather room, each with the only model that may begin there
   * @param old whether it has waited for long
   * @param crowd whether as many others wait for a spot as may
   */
  public RoomGate gate(
      Flow flow,
      Ledger ledger,
      Map<NodeId, ModelId> kept,
      Predicate<Spot> crowd,
      boolean old,
      long nowMs) {
    boolean leaves = settings.reserve() > 0 && others.beside(flow, nowMs);
    var own = leaves ? Holding.of(flow, ledger) : null;
    boolean full =
        ledger.size() >= capacity.total()
            || (own != null && own.total() >= settings.shareOf(capacity.total()));
    return new RoomGate(settings, capacity, full, own, kept, crowd, old);
  }
}
