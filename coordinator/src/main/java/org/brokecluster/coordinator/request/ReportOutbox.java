package org.brokecluster.coordinator.request;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.router.AttemptReport;

/**
 * Reports of ended attempts that no router has noted yet. Outlives memberships; bounded: the oldest
 * report goes when a new one finds no room, and is counted. Thread safe.
 */
public final class ReportOutbox {
  private record Entry(AttemptReport report, long sentMs) {}

  private final int max;
  private final Map<AttemptId, Entry> waiting = new LinkedHashMap<>();
  private long dropped;

  /** An empty outbox for at most so many reports. */
  public ReportOutbox(int max) {
    this.max = max;
  }

  /** Takes a report that is sent now. */
  public synchronized void add(AttemptReport report, long nowMs) {
    waiting.put(report.attempt(), new Entry(report, nowMs));
    if (waiting.size() > max) {
      waiting.remove(waiting.keySet().iterator().next());
      dropped++;
    }
  }

  synchronized void noted(AttemptId attempt) {
    waiting.remove(attempt);
  }

  /** Reports that were sent long enough ago to be sent again, marked as sent now. */
  synchronized List<AttemptReport> due(long nowMs, long afterMs) {
    var due = new ArrayList<AttemptReport>();
    for (var entry : waiting.entrySet()) {
      if (nowMs - entry.getValue().sentMs() >= afterMs) {
        due.add(entry.getValue().report());
        entry.setValue(new Entry(entry.getValue().report(), nowMs));
      }
    }
    return due;
  }

  /** Reports no router has noted. */
  public synchronized int size() {
    return waiting.size();
  }

  synchronized long dropped() {
    return dropped;
  }
}
