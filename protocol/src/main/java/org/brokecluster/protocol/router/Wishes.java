package org.brokecluster.protocol.router;

import java.util.List;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Tier;
import org.jspecify.annotations.Nullable;

/**
 * What the client asked for besides the model, from the {@code x-broke-*} headers or the {@code
 * broke} object of the body. Everything but the class may be absent.
 *
 * @param node the only node that may answer
 * @param priorScore how well an earlier answer did, 0 to 1
 * @param depth how deep in a chain of agents the caller stands, at least 0
 * @param fallbacks models to try after the one asked for, at most 8
 */
public record Wishes(
    @Nullable String strategy,
    @Nullable Tier tier,
    @Nullable NodeId node,
    @Nullable String action,
    @Nullable String role,
    @Nullable String framework,
    @Nullable Integer depth,
    @Nullable Double priorScore,
    @Nullable String session,
    @Nullable String user,
    TrafficClass trafficClass,
    List<String> fallbacks) {
  /** A client that asked for nothing special. */
  public static final Wishes NONE = of(null, TrafficClass.INTERACTIVE, List.of());

  /** Copies the list. */
  public Wishes {
    fallbacks = List.copyOf(fallbacks);
  }

  /** Of somebody who cares only about who waits and what may stand in for the model. */
  public static Wishes of(
      @Nullable String user, TrafficClass trafficClass, List<String> fallbacks) {
    return new Wishes(
        null, null, null, null, null, null, null, null, null, user, trafficClass, fallbacks);
  }
}
