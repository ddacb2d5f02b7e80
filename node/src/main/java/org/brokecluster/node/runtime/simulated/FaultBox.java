package org.brokecluster.node.runtime.simulated;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The faults that are switched on. Not thread safe. */
final class FaultBox {
  private static final int MOST = 64;

  private final List<Entry> entries = new ArrayList<>();

  /** Adds one that strikes so many times, or for ever if 0. Keeps the newest 64. */
  void add(Fault fault, int times) {
    if (entries.size() == MOST) {
      entries.remove(0);
    }
    entries.add(new Entry(fault, times));
  }

  void clear() {
    entries.clear();
  }

  /** Whether a load breaks now. */
  boolean strikesLoad() {
    return !strike(fault -> fault instanceof Fault.LoadFailure).isEmpty();
  }

  /** The faults that strike an answer now. */
  List<Fault> strikeAnswer() {
    return strike(fault -> !(fault instanceof Fault.LoadFailure));
  }

  private List<Fault> strike(Predicate<Fault> which) {
    var struck = new ArrayList<Fault>();
    for (var entry : List.copyOf(entries)) {
      if (which.test(entry.fault)) {
        struck.add(entry.fault);
        entry.useUp();
      }
    }
    return struck;
  }

  private final class Entry {
    private final Fault fault;
    private final boolean forEver;
    private int left;

    Entry(Fault fault, int times) {
      this.fault = fault;
      this.forEver = times <= 0;
      this.left = times;
    }

    void useUp() {
      if (!forEver && --left == 0) {
        entries.remove(this);
      }
    }
  }
}
