package org.brokecluster.shared.host;

import akka.cluster.ddata.Key;
import akka.cluster.ddata.LWWRegister;
import akka.cluster.ddata.LWWRegisterKey;
import org.brokecluster.protocol.state.NodeFacts;
import org.brokecluster.protocol.state.NodeLoad;
import org.brokecluster.protocol.state.RouterStatus;

/**
 * Names and merge rules of what is kept in Distributed Data: two registers for each incarnation of
 * a member, written by that member only, and one for the router.
 */
public final class GossipKeys {
  /** Statuses a term can hold before the next term's clock would be reached. */
  private static final long SEQUENCES_PER_TERM = 1L << 32;

  /** The router's status; the one with the highest term and sequence wins. */
  public static final Key<LWWRegister<RouterStatus>> ROUTER = LWWRegisterKey.create("router");

  private GossipKeys() {}

  /** What seldom changes about the member incarnation with this uid. */
  public static Key<LWWRegister<NodeFacts>> facts(long memberUid) {
    return LWWRegisterKey.create("facts-" + memberUid);
  }

  /** What changes all the time about the member incarnation with this uid. */
  public static Key<LWWRegister<NodeLoad>> load(long memberUid) {
    return LWWRegisterKey.create("load-" + memberUid);
  }

  /**
   * Order of router statuses: by term, then by sequence, never by a wall clock, so that an old
   * router that wakes up cannot overwrite the word of a newer one.
   */
  public static LWWRegister.Clock<RouterStatus> routerClock() {
    return new LWWRegister.Clock<>() {
      @Override
      public long apply(long currentTimestamp, RouterStatus value) {
        return value.term() * SEQUENCES_PER_TERM + value.sequence();
      }
    };
  }
}
