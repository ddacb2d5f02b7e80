package org.brokecluster.node.memory;

import java.util.List;
import org.brokecluster.protocol.id.ModelId;

/** What has to happen before a model can be loaded. */
public sealed interface RoomPlan {
  /**
   * It fits once these models are gone.
   *
   * @param evicted models to unload first, the least valuable first; none if it fits already
   * @param bytes what it may take then: all it asked for, or as much as there is
   */
  record Fits(List<ModelId> evicted, long bytes) implements RoomPlan {
    /** Copies the list. */
    public Fits {
      evicted = List.copyOf(evicted);
    }
  }

  /**
   * It does not fit.
   *
   * @param ever whether it could if no other model were in memory
   * @param message the arithmetic, for people
   */
  record Refused(boolean ever, String message) implements RoomPlan {}
}
