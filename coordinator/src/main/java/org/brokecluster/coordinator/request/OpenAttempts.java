package org.brokecluster.coordinator.request;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.NodeId;

/**
 * Which attempts of this edge are open on which node, and when each node was heard last: the pure
 * half of failure detection for running answers. A node that is silent for longer than the limit is
 * suspected, unless the observer's own tick came late, and then nobody is.
 */
final class OpenAttempts {
  /** An attempt that is lost, and why. */
  record Lost(AttemptId attempt, NodeId node, String why) {}

  private static final int ABSENT_BEATS_MAX = 2;

  private static final class Peer {
    private final Map<AttemptId, Integer> absentBeats = new LinkedHashMap<>();
    private long heardMs;
    private long toldMs;
  }

  private final long tickMs;
  private final long suspectMs;
  private final Map<NodeId, Peer> peers = new HashMap<>();
  private final Map<AttemptId, NodeId> nodes = new HashMap<>();
  private long lastTickMs = -1;

  /** With the edge's tick and the silence after which a node is suspected, both in milliseconds. */
  OpenAttempts(long tickMs, long suspectMs) {
    this.tickMs = tickMs;
    this.suspectMs = suspectMs;
  }

  /**
   * A node has an attempt; false if another node has it already. Two routers, one after the other,
   * may have sent it to different places.
   */
  boolean opened(long nowMs, AttemptId attempt, NodeId node) {
    var before = nodes.putIfAbsent(attempt, node);
    if (before != null && !before.equals(node)) {
      return false;
    }
    var peer = peers.computeIfAbsent(node, key -> new Peer());
    peer.absentBeats.putIfAbsent(attempt, 0);
    peer.heardMs = nowMs;
    return true;
  }

  void closed(AttemptId attempt) {
    var node = nodes.remove(attempt);
    if (node == null) {
      return;
    }
    var peer = peers.get(node);
    if (peer != null) {
      peer.absentBeats.remove(attempt);
      if (peer.absentBeats.isEmpty()) {
        peers.remove(node);
      }
    }
  }

  /** Something about this attempt came from its node. */
  void heard(long nowMs, AttemptId attempt) {
    var node = nodes.get(attempt);
    var peer = node == null ? null : peers.get(node);
    if (peer != null) {
      peer.heardMs = nowMs;
    }
  }

  /** A node's beat: it lives, and these attempts are open there. */
  List<Lost> beat(long nowMs, NodeId node, List<AttemptId> there) {
    var peer = peers.get(node);
    if (peer == null) {
      return List.of();
    }
    peer.heardMs = nowMs;
    var known = new HashSet<>(there);
    var lost = new ArrayList<Lost>();
    for (var entry : peer.absentBeats.entrySet()) {
      int absent = known.contains(entry.getKey()) ? 0 : entry.getValue() + 1;
      entry.setValue(absent);
      if (absent >= ABSENT_BEATS_MAX) {
        lost.add(new Lost(entry.getKey(), node, "the node " + node + " has lost the request"));
      }
    }
    lost.forEach(each -> closed(each.attempt()));
    return lost;
  }

  /**
   * Attempts on nodes that have been silent for too long; said again and again while that goes on
   * and the attempt is not {@link #closed}.
   */
  List<Lost> tick(long nowMs) {
    boolean late = lastTickMs >= 0 && nowMs - lastTickMs > 2 * tickMs;
    lastTickMs = nowMs;
    if (late) {
      peers.values().forEach(peer -> peer.heardMs = nowMs);
      return List.of();
    }
    var lost = new ArrayList<Lost>();
    peers.forEach(
        (node, peer) -> {
          if (nowMs - Math.max(peer.heardMs, peer.toldMs) >= suspectMs) {
            peer.toldMs = nowMs;
            var why = "the node %s has been silent for %d ms".formatted(node, nowMs - peer.heardMs);
            peer.absentBeats.keySet().forEach(each -> lost.add(new Lost(each, node, why)));
          }
        });
    return lost;
  }

  /** Nodes that have attempts of this edge. */
  Set<NodeId> nodes() {
    return Set.copyOf(peers.keySet());
  }

  /** This edge's open attempts on a node. */
  List<AttemptId> on(NodeId node) {
    var peer = peers.get(node);
    return peer == null ? List.of() : List.copyOf(peer.absentBeats.keySet());
  }

  /** All open attempts. */
  int size() {
    return nodes.size();
  }
}
