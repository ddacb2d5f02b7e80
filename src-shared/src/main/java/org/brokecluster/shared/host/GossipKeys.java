package org.brokecluster.shared.host;

import akka.cluster.ddata.Key;
import akka.cluster.ddata.LWWRegister;
import akka.cluster.ddata.LWWRegisterKey;
import org.brokecluster.protocol.state.NodeFacts;
import org.brokecluster.protocol.state.NodeLoad;
import org.brokecluster.protocol.state.RouterStatus;

/**
 * Where gossiped state lives in Distributed Data: two keys for each incarnation of a member,
 * written by that member only, and one for the router. No key depends on a clock: a member's
 * entries are ordered by how often it wrote, the router's by (term, sequence).
 */
public final class GossipKeys {
  private static final int SEQUENCE_BITS = 32;

  private GossipKeys() {}

  /** What seldom changes about the member with this uid. */
  public static Key<LWWRegister<NodeFacts>> facts(long memberUid) {
    return LWWRegisterKey.create("facts-" + memberUid);
  }

  /** What changes all the time about the member with this uid. */
  public static Key<LWWRegister<NodeLoad>> load(long memberUid) {
    return LWWRegisterKey.create("load-" + memberUid);
  }

  /** What the router says about itself. */
  public static Key<LWWRegister<RouterStatus>> router() {
    return LWWRegisterKey.create("router");
  }

  /** Orders entries that have a single writer: each write beats the one before. */
  public static <T> LWWRegister.Clock<T> writes() {
    return (current, value) -> current + 1;
  }

  /** Orders router statuses by term, then sequence: an old router never overwrites a newer one. */
  public static LWWRegister.Clock<RouterStatus> routerOrder() {
    return (current, status) ->
        (status.term() << SEQUENCE_BITS) | (status.sequence() & 0xFFFF_FFFFL);
  }
}
