package org.brokecluster.coordinator.routing.queue;

import org.brokecluster.protocol.router.TrafficClass;
import org.jspecify.annotations.Nullable;

/**
 * Requests that share one claim to the cluster: those of one user in one class.
 *
 * @param user who asks: a user's name, or the edge through which somebody without a name asks
 */
public record Flow(TrafficClass trafficClass, String user) {
  /**
   * The flow of a request.
   *
   * @param user who asks, or null if nobody says
   * @param member the edge through which it came, as {@code host:port}
   */
  public static Flow of(TrafficClass trafficClass, @Nullable String user, String member) {
    return new Flow(trafficClass, user == null ? "@" + member : user);
  }
}
