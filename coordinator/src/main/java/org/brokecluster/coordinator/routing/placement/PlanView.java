package org.brokecluster.coordinator.routing.placement;

import java.time.Instant;
import java.util.List;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;

/**
 * The plan for people and programs.
 *
 * @param mode {@code off}, {@code suggest} or {@code act}
 * @param at when it was made
 * @param note why nothing is planned or done, or empty
 * @param models what is expected of each model
 * @param moves what is proposed, best first
 * @param past what was proposed or done before, latest first
 */
public record PlanView(
    String mode,
    Instant at,
    String note,
    List<Model> models,
    List<Planned> moves,
    List<Past> past) {
  /** Copies the lists. */
  public PlanView {
    models = List.copyOf(models);
    moves = List.copyOf(moves);
    past = List.copyOf(past);
  }

  /**
   * What is expected of a model.
   *
   * @param lately requests in an hour, as they come at the moment
   * @param usually requests in the coming hour, as on other days; 0 if unknown
   * @param serviceSeconds time that one takes, 0 if unknown
   * @param copies nodes that have it in memory
   * @param busy share of the copies' time that is taken, 0 to 1
   */
  public record Model(
      ModelId model,
      double lately,
      double usually,
      double serviceSeconds,
      int copies,
      double busy) {}

  /**
   * A move that is proposed.
   *
   * @param evicts models that leave the memory for it
   * @param gainSeconds waiting saved in an hour, all clients together
   * @param lossSeconds waiting that it brings to others
   */
  public record Planned(
      String what,
      ModelId model,
      NodeId node,
      List<ModelId> evicts,
      double gainSeconds,
      double lossSeconds,
      String why) {
    /** Copies the list. */
    public Planned {
      evicts = List.copyOf(evicts);
    }
  }

  /**
   * A move of the past.
   *
   * @param came what came of it
   * @param answered requests given to it in its first hour
   */
  public record Past(
      Instant at,
      String what,
      ModelId model,
      NodeId node,
      double gainSeconds,
      String why,
      String came,
      int answered) {}
}
