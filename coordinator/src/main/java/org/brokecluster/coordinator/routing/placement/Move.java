package org.brokecluster.coordinator.routing.placement;

import java.util.List;
import java.util.Locale;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;

/**
 * One change that a plan proposes.
 *
 * @param evicts models that leave the memory for it
 * @param gainSeconds waiting of all clients together that it is expected to save in an hour
 * @param lossSeconds waiting that it is expected to bring to those who ask for what leaves
 * @param why in words
 */
public record Move(
    Kind kind,
    NodeId node,
    ModelId model,
    List<ModelId> evicts,
    double gainSeconds,
    double lossSeconds,
    String why) {
  /** Copies the list. */
  public Move {
    evicts = List.copyOf(evicts);
  }

  /** What is done. */
  public enum Kind {
    /** Into memory, before somebody asks for it. */
    LOAD,
    /** Out of memory. */
    UNLOAD;

    /** Lower-case name as users see it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  double worth() {
    return gainSeconds - lossSeconds;
  }

  boolean sameAs(Move other) {
    return kind == other.kind && node.equals(other.node) && model.equals(other.model);
  }
}
