package org.brokecluster.node.admission;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.brokecluster.protocol.id.AttemptId;

/**
 * Which edges are silent, and where an edge and this node disagree on what is open. Disagreements
 * are believed only when two beats in a row show them, since a message may be on its way.
 *
 * <p>Pure and not thread safe; times come from one monotonic clock.
 *
 * @param <E> what names an edge
 */
public final class EdgeWatch<E> {
  private static final int BEATS_BELIEVED = 2;

  /**
   * Where an edge and this node disagree for good.
   *
   * @param forgotten attempts open here that the edge does not know any more
   * @param unknown attempts the edge believes to be open here that are not
   */
  public record Disagreement(List<AttemptId> forgotten, List<AttemptId> unknown) {}

  private static final class Edge {
    private long heardNanos;
    private boolean owns;
    private Map<AttemptId, Integer> forgotten = Map.of();
    private Map<AttemptId, Integer> unknown = Map.of();

    private Edge(long heardNanos) {
      this.heardNanos = heardNanos;
    }

    /** An edge beats only while it owns something: its silence before that says nothing. */
    private void owns(boolean any, long now) {
      heardNanos = any && !owns ? now : heardNanos;
      owns = any;
    }
  }

  private final long silenceNanos;
  private final long lateNanos;
  private final Map<E, Edge> edges = new HashMap<>();
  private long tickNanos;

  /**
   * Knows no edge yet.
   *
   * @param silence an edge not heard for longer is gone
   * @param late time between two ticks from which on the node itself was asleep
   */
  public EdgeWatch(Duration silence, Duration late, long nowNanos) {
    this.silenceNanos = silence.toNanos();
    this.lateNanos = late.toNanos();
    this.tickNanos = nowNanos;
  }

  /**
   * Takes a beat.
   *
   * @param listed attempts the edge believes to be open here
   * @param begun attempts of this edge that are open here and whose prompt has come
   * @param known whether an attempt is open here at all
   */
  public Disagreement beat(
      E edge, List<AttemptId> listed, Collection<AttemptId> begun, Set<AttemptId> known, long now) {
    var entry = edges.computeIfAbsent(edge, absent -> new Edge(now));
    entry.heardNanos = now;
    var named = new HashSet<>(listed);
    entry.forgotten = count(entry.forgotten, begun.stream().filter(a -> !named.contains(a)));
    entry.unknown = count(entry.unknown, named.stream().filter(a -> !known.contains(a)));
    return new Disagreement(believed(entry.forgotten), believed(entry.unknown));
  }

  private static Map<AttemptId, Integer> count(
      Map<AttemptId, Integer> before, java.util.stream.Stream<AttemptId> now) {
    var after = new HashMap<AttemptId, Integer>();
    now.forEach(attempt -> after.put(attempt, before.getOrDefault(attempt, 0) + 1));
    return after;
  }

  private static List<AttemptId> believed(Map<AttemptId, Integer> counts) {
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue() >= BEATS_BELIEVED)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /**
   * Looks for silent edges and forgets them. Nobody is blamed after a tick that came late: everyone
   * gets the full time again.
   *
   * @param owners edges that own an attempt whose prompt has come
   * @return edges that were silent for too long, whose attempts are to be cancelled
   */
  public List<E> tick(Set<E> owners, long now) {
    boolean slept = now - tickNanos >= lateNanos;
    tickNanos = now;
    owners.forEach(owner -> edges.computeIfAbsent(owner, absent -> new Edge(now)));
    edges.forEach((edge, entry) -> entry.owns(owners.contains(edge), now));
    if (slept) {
      edges.values().forEach(edge -> edge.heardNanos = now);
      return List.of();
    }
    var silent = new ArrayList<E>();
    edges.forEach(
        (edge, entry) -> {
          if (now - entry.heardNanos > silenceNanos) {
            silent.add(edge);
          }
        });
    silent.forEach(edges::remove);
    return silent;
  }
}
