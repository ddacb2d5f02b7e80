package org.brokecluster.coordinator.request;

import java.util.List;
import java.util.Set;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.router.AttemptReport;

/**
 * What an edge does for all of its requests together during one membership: signs of life to and
 * from the nodes that work for it, reports until the router has noted them, and the news of a new
 * router. Decides nothing about a request. Knows no actor, clock or thread; time comes in as
 * milliseconds of a monotonic clock.
 */
public final class EdgeDesk {
  private static final long REPORT_REPEAT_MS = 2_000;

  /** Where the desk's messages go. */
  public interface Port {
    /** To a node: this edge lives, and believes these attempts to be open there. */
    void beat(NodeId node, List<AttemptId> attempts);

    /** To the router: how an attempt ended. */
    void report(AttemptReport report);

    /** To the attempt's request: its node is out of reach, or has lost it. */
    void lost(AttemptId attempt, String why);

    /** To all requests: a router with a new term reigns. */
    void newTerm();
  }

  private final ReportOutbox outbox;
  private final OpenAttempts open;
  private final Port port;
  private long term;

  /** A desk without open attempts; the outbox outlives it. */
  public EdgeDesk(ReportOutbox outbox, BeatSettings beats, Port port) {
    this.outbox = outbox;
    this.open = new OpenAttempts(beats.interval().toMillis(), beats.suspect().toMillis());
    this.port = port;
  }

  /**
   * A node has offered itself for an attempt of a request that is under way here; false if another
   * node has the attempt already, so that this one is to be told that it is not wanted.
   */
  public boolean opened(long nowMs, AttemptId attempt, NodeId node) {
    return open.opened(nowMs, attempt, node);
  }

  /** Something about an attempt came from its node. */
  public void heard(long nowMs, AttemptId attempt) {
    open.heard(nowMs, attempt);
  }

  /** A node lives and has these attempts of this edge. */
  public void nodeBeat(long nowMs, NodeId node, List<AttemptId> attempts) {
    tellLost(open.beat(nowMs, node, attempts));
  }

  /** Nothing more is expected from the attempt's node. */
  public void closed(AttemptId attempt) {
    open.closed(attempt);
  }

  /** The router should know how an attempt ended. */
  public void report(long nowMs, AttemptReport report) {
    outbox.add(report, nowMs);
    port.report(report);
  }

  /** The router has recorded a report. */
  public void noted(AttemptId attempt) {
    outbox.noted(attempt);
  }

  /** A router with this term reigns. */
  public void termSeen(long seen) {
    if (seen > term) {
      term = seen;
      port.newTerm();
    }
  }

  /** Time has passed: who is silent, beats, and reports that nobody noted. */
  public void tick(long nowMs) {
    tellLost(open.tick(nowMs));
    open.nodes().stream().sorted().forEach(node -> port.beat(node, open.on(node)));
    outbox.due(nowMs, REPORT_REPEAT_MS).forEach(port::report);
  }

  /** Nodes that have attempts of this edge. */
  public Set<NodeId> nodes() {
    return open.nodes();
  }

  /** All open attempts. */
  public int openAttempts() {
    return open.size();
  }

  private void tellLost(List<OpenAttempts.Lost> lost) {
    lost.forEach(each -> port.lost(each.attempt(), each.why()));
  }
}
