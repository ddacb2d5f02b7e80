package org.brokecluster.coordinator.history.verify;

import java.io.IOException;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.fold.RoutingState;
import org.brokecluster.coordinator.history.journal.Checkpoint;
import org.brokecluster.coordinator.history.journal.ContentDigest;
import org.brokecluster.coordinator.history.journal.EventBatch;
import org.brokecluster.coordinator.history.journal.HistoryId;
import org.brokecluster.coordinator.history.journal.RawRow;
import org.brokecluster.coordinator.history.journal.RowReader;
import org.brokecluster.coordinator.history.verify.VerificationReport.Result;
import org.jspecify.annotations.Nullable;

/** Verifies the rows of one term; after the first difference it only counts. */
final class TermCheck {
  private final HistoryId first;
  private final RowReader rows;
  private HistoryId id;
  private RoutingState state = new RoutingState();
  private final ContentDigest content = new ContentDigest(1);
  private boolean stateKnown = true;
  private long sequence;
  private long next = 1;
  private long checkpointed;
  private long events;
  private long missing;
  private long checkpoints;
  private @Nullable Long differsAt;
  private @Nullable String reason;
  private @Nullable String incomparable;

  /**
   * Nothing is read yet.
   *
   * @param rows reads them for the fold
   */
  TermCheck(HistoryId first, RowReader rows) {
    this.rows = rows;
    this.first = first;
    this.id = first;
  }

  boolean covers(HistoryId other) {
    return first.sameTerm(other);
  }

  void row(RawRow row) {
    if (differsAt != null) {
      return;
    }
    follow(row.id());
    sequence++;
    if (row.sequence() != sequence) {
      differ(next, "row %d of %s is missing".formatted(sequence, row.id()));
      return;
    }
    try {
      check(rows.read(row.manifest(), row.payload().bytes()));
    } catch (IOException e) {
      differ(next, "row %d of %s cannot be read: %s".formatted(sequence, row.id(), firstLine(e)));
    }
  }

  void mustReach(HistoryId other, long lastSequence) {
    if (differsAt != null) {
      return;
    }
    follow(other);
    if (sequence < lastSequence) {
      differ(next, "rows %d to %d of %s are missing".formatted(sequence + 1, lastSequence, other));
    }
  }

  TermReport report() {
    var result =
        differsAt != null
            ? Result.DIFFERS
            : incomparable != null ? Result.NOT_COMPARABLE : Result.IDENTICAL;
    return new TermReport(
        first.term(),
        first.coordinator().value(),
        events,
        missing,
        checkpoints,
        result,
        differsAt,
        reason != null ? reason : incomparable);
  }

  private void follow(HistoryId other) {
    if (!id.equals(other)) {
      id = other;
      sequence = 0;
    }
  }

  private void check(EventBatch batch) {
    if (begunAgain(batch)) {
      next = 1;
      checkpointed = 0;
      content.restart(1);
    }
    if (batch.gap() != null) {
      cross(batch);
    } else if (batch.base() != null) {
      compareBase(batch);
    }
    if (differsAt == null && batch.firstNumber() != next) {
      differ(
          next,
          batch.firstNumber() > next
              ? "events %d to %d are missing".formatted(next, batch.firstNumber() - 1)
              : "event %d is stored again".formatted(batch.firstNumber()));
    }
    if (differsAt != null) {
      return;
    }
    for (var event : batch.events()) {
      content.add(event);
      state.apply(next++, event.event());
      events++;
    }
    if (batch.checkpoint() != null) {
      compare(batch.checkpoint());
    }
  }

  /** A term number can be used twice only after its coordinator forgot that it had been. */
  private boolean begunAgain(EventBatch batch) {
    return next != 1
        && batch.firstNumber() == 1
        && !batch.events().isEmpty()
        && batch.events().get(0).event() instanceof RoutingEvent.TermStarted;
  }

  private void cross(EventBatch batch) {
    var gap = batch.gap();
    if (gap == null || gap.first() != next) {
      differ(next, "the recorded gap does not begin here: " + gap);
      return;
    }
    missing += gap.size();
    next = gap.last() + 1;
    checkpointed = gap.last();
    note(
        "events %d to %d were never stored: the database was away"
            .formatted(gap.first(), gap.last()));
    content.restart(next);
    adopt(batch.base());
  }

  private void compareBase(EventBatch batch) {
    boolean start = events == 0 && missing == 0;
    if (start || !stateKnown) {
      next = batch.firstNumber();
      adopt(batch.base());
    } else if (!sameFold(batch.base())) {
      note("the state before event %d is of another version".formatted(batch.firstNumber()));
    } else {
      state.learnAnew();
      if (!state.json().equals(batch.base())) {
        differ(next - 1, "the state stored before event %d is another".formatted(next));
      }
    }
    checkpointed = batch.firstNumber() - 1;
    content.restart(batch.firstNumber());
  }

  private void adopt(@Nullable String base) {
    stateKnown = base != null && sameFold(base);
    if (base != null && stateKnown) {
      state = RoutingState.fromJson(base);
    }
  }

  private static boolean sameFold(@Nullable String base) {
    return base != null && RoutingState.canRead(base);
  }

  private void compare(Checkpoint checkpoint) {
    if (checkpoint.number() != next - 1) {
      differ(next - 1, "its checkpoint has number %d".formatted(checkpoint.number()));
      return;
    }
    if (!content.checkpoint().equals(checkpoint.content())) {
      differ(
          checkpoint.number(),
          "events %d to %d are not what the router emitted"
              .formatted(checkpointed + 1, checkpoint.number()));
      return;
    }
    checkpointed = checkpoint.number();
    if (!checkpoint.comparable() || !stateKnown || checkpoint.fold() != state.fold()) {
      note("the state at event %d cannot be compared".formatted(checkpoint.number()));
    } else if (state.hash().equals(checkpoint.sha256())) {
      checkpoints++;
    } else {
      differ(checkpoint.number(), "the fold of the same events gives another state");
    }
  }

  private void differ(long number, String why) {
    differsAt = number;
    reason = why;
  }

  private void note(String why) {
    if (incomparable == null) {
      incomparable = why;
    }
  }

  private static String firstLine(IOException failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }
}
