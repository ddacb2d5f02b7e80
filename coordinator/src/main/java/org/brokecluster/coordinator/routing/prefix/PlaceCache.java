package org.brokecluster.coordinator.routing.prefix;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;

/** What the cache of one model on one node is believed to hold. Not thread safe. */
final class PlaceCache {
  private static final double LEARNING = 0.3;
  private static final double TRUST_MIN = 0.02;
  private static final double MISSED_BELOW = 0.5;

  private final Place place;
  private final CacheRule rule;
  private final Deque<Sequence> sequences = new ArrayDeque<>();
  private long tokens;
  private double trust;

  PlaceCache(Place place, CacheRule rule) {
    this.place = place;
    this.rule = rule;
    this.trust = rule.trust();
  }

  /** A model on a node. */
  record Place(NodeId node, ModelId model) {}

  /**
   * One remembered prompt with its answer.
   *
   * @param marks fingerprints of those of its beginnings that can be used again
   * @param end fingerprint of the whole prompt
   * @param tokens its length, answer included
   */
  record Sequence(PlaceCache cache, List<Long> marks, long end, long tokens) {}

  Place place() {
    return place;
  }

  CacheRule rule() {
    return rule;
  }

  /** Share of a remembered beginning that was really there lately, 0 to 1. */
  double trust() {
    return trust;
  }

  /**
   * Remembers a prompt; answers what is remembered no more: what the new one goes on from, and what
   * there is no room for.
   */
  List<Sequence> remember(Sequence sequence) {
    var gone = new ArrayList<Sequence>();
    for (var old : sequences) {
      if (sequence.marks().contains(old.end())) {
        gone.add(old);
      }
    }
    sequences.removeAll(gone);
    sequences.addLast(sequence);
    tokens += sequence.tokens() - gone.stream().mapToLong(Sequence::tokens).sum();
    while (sequences.size() > rule.sequences()
        || (tokens > rule.tokens() && sequences.size() > 1)) {
      var oldest = sequences.removeFirst();
      tokens -= oldest.tokens();
      gone.add(oldest);
    }
    return gone;
  }

  /** Whether a whole remembered prompt ends there. */
  boolean isEnd(long mark) {
    for (var each : sequences) {
      if (each.end() == mark) {
        return true;
      }
    }
    return false;
  }

  /** Tokens that a further prompt would push out, by what was found to be there lately. */
  int nextToGo() {
    boolean full = sequences.size() >= rule.sequences() || tokens >= rule.tokens();
    var oldest = sequences.peekFirst();
    return full && oldest != null ? (int) Math.min(1_000_000, oldest.tokens() * trust) : 0;
  }

  /** Forgets the prompt remembered longest. */
  void forget(Sequence sequence) {
    if (sequences.remove(sequence)) {
      tokens -= sequence.tokens();
    }
  }

  /**
   * Compares what was expected of the cache with what it gave; answers what it cannot hold any
   * more: the prompt that was counted on, and all that came before it, since the oldest go first.
   *
   * @param expected tokens expected to be in the cache, above 0
   * @param cached tokens that were
   * @param mark the fingerprint that was counted on
   */
  List<Sequence> learn(double expected, double cached, long mark) {
    double share = Math.max(0, Math.min(1, cached / expected));
    trust = Math.max(TRUST_MIN, trust + LEARNING * (share - trust));
    if (share >= MISSED_BELOW) {
      return List.of();
    }
    int until = -1;
    int at = 0;
    for (var each : sequences) {
      until = each.marks().contains(mark) ? at : until;
      at++;
    }
    var gone = new ArrayList<Sequence>();
    for (int i = 0; i <= until; i++) {
      gone.add(sequences.removeFirst());
    }
    tokens -= gone.stream().mapToLong(Sequence::tokens).sum();
    return gone;
  }

  /** Everything remembered. */
  List<Sequence> all() {
    return List.copyOf(sequences);
  }
}
