package org.brokecluster.coordinator.history.journal;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.Optional;
import org.brokecluster.protocol.id.NodeId;

/**
 * Persistence id of one coordinator's events of one term on one day (UTC). Two writers can never
 * share one, and the natural order is the order of replay: by term, then coordinator, then day.
 */
public record HistoryId(NodeId coordinator, long term, LocalDate day)
    implements Comparable<HistoryId> {
  private static final String PREFIX = "routing-";
  private static final int DAY_LENGTH = 10;
  private static final Comparator<HistoryId> ORDER =
      Comparator.comparingLong(HistoryId::term)
          .thenComparing(HistoryId::coordinator)
          .thenComparing(HistoryId::day);

  /** The persistence id: {@code routing-<coordinator>-<term>-<day>}. */
  public String persistenceId() {
    return PREFIX + coordinator.value() + "-" + term + "-" + day;
  }

  /** Reads a persistence id; nothing if it is none of ours. */
  public static Optional<HistoryId> parse(String persistenceId) {
    int dayStart = persistenceId.length() - DAY_LENGTH;
    int termEnd = dayStart - 1;
    int termStart = persistenceId.lastIndexOf('-', termEnd - 1) + 1;
    if (!persistenceId.startsWith(PREFIX) || termStart <= PREFIX.length()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new HistoryId(
              NodeId.of(persistenceId.substring(PREFIX.length(), termStart - 1)),
              Long.parseLong(persistenceId.substring(termStart, termEnd)),
              LocalDate.parse(persistenceId.substring(dayStart))));
    } catch (DateTimeException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether both belong to one reign. */
  public boolean sameTerm(HistoryId other) {
    return term == other.term && coordinator.equals(other.coordinator);
  }

  @Override
  public int compareTo(HistoryId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return persistenceId();
  }
}
