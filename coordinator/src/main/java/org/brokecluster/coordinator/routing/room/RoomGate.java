package org.brokecluster.coordinator.routing.room;

import java.util.Map;
import java.util.function.Predicate;
import org.brokecluster.coordinator.routing.decision.Board;
import org.brokecluster.coordinator.routing.ledger.NodeWork;
import org.brokecluster.coordinator.routing.state.NodeSpots;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.jspecify.annotations.Nullable;

/** What {@link Room} says of one request in one decision. */
public final class RoomGate implements Board.Gate {
  private final RoomSettings settings;
  private final Capacity capacity;
  private final boolean full;
  private final @Nullable Holding own;
  private final Map<NodeId, ModelId> kept;
  private final Predicate<Spot> crowd;
  private final boolean old;
  private boolean heldBack;

  /**
   * A gate that has not been asked yet.
   *
   * @param full whether nothing may begin at all
   * @param old whether the request has waited for long
   * @param own what the request's flow holds, or null if nobody else is about
   */
  RoomGate(
      RoomSettings settings,
      Capacity capacity,
      boolean full,
      @Nullable Holding own,
      Map<NodeId, ModelId> kept,
      Predicate<Spot> crowd,
      boolean old) {
    this.settings = settings;
    this.capacity = capacity;
    this.full = full;
    this.own = own;
    this.kept = kept;
    this.crowd = crowd;
    this.old = old;
  }

  @Override
  public boolean shut(NodeSpots node, Spot spot, NodeWork work) {
    boolean shut =
        full || work.total() >= capacity.of(node) || isKept(spot) || isForOthers(node, spot);
    heldBack |= shut && work.inFlight(spot.model()) < spot.slots();
    return shut;
  }

  private boolean isKept(Spot spot) {
    if (kept.isEmpty()) {
      return false;
    }
    var model = kept.get(spot.node());
    return model != null && !model.equals(spot.model());
  }

  private boolean isForOthers(NodeSpots node, Spot spot) {
    return own != null
        && ((!old && own.otherBusy(spot.node(), spot.model()))
            || own.on(spot.node()) >= settings.shareOf(capacity.places(node))
            || own.of(spot.model()) >= settings.shareOf(capacity.of(spot)));
  }

  @Override
  public boolean crowded(Spot spot) {
    return crowd.test(spot);
  }

  /** Whether a slot was free that the request could not have. */
  public boolean heldBack() {
    return heldBack;
  }
}
