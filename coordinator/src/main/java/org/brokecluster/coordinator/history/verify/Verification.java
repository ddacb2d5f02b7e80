package org.brokecluster.coordinator.history.verify;

import java.util.ArrayList;
import java.util.List;
import org.brokecluster.coordinator.history.journal.HistoryId;
import org.brokecluster.coordinator.history.journal.RawRow;
import org.brokecluster.coordinator.history.journal.RowReader;
import org.jspecify.annotations.Nullable;

/**
 * Folds the rows of all terms again and compares with every checkpoint the live writers left. Pure:
 * rows come in by calls, in the order of replay. Not thread safe.
 *
 * <p>A term is <i>identical</i> if its numbers run without a hole and every checkpoint agrees in
 * state and content; it <i>differs</i> at the first number where something is missing, doubled,
 * garbled or other than it was; it is <i>not comparable</i> if the writer itself recorded a gap, or
 * a checkpoint was made by another version of the fold: then all that can be compared agreed.
 */
public final class Verification {
  private final RowReader rows = RowReader.forFold();
  private final List<TermReport> finished = new ArrayList<>();
  private @Nullable TermCheck current;

  /** Takes the next row. */
  public void row(RawRow row) {
    check(row.id()).row(row);
  }

  /**
   * Says how far rows must reach under one id, as something outside the journal knows it; called
   * after the id's rows and before the next id's.
   *
   * @param lastSequence sequence number that once existed
   */
  public void mustReach(HistoryId id, long lastSequence) {
    check(id).mustReach(id, lastSequence);
  }

  /** What was found in all rows so far. */
  public VerificationReport finish() {
    endTerm();
    return VerificationReport.of(finished);
  }

  private TermCheck check(HistoryId id) {
    if (current == null || !current.covers(id)) {
      endTerm();
      current = new TermCheck(id, rows);
    }
    return current;
  }

  private void endTerm() {
    if (current != null) {
      finished.add(current.report());
      current = null;
    }
  }
}
