package org.brokecluster.coordinator.history.journal;

import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.fold.RoutingState;
import org.brokecluster.protocol.id.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * Turns the numbered events of one term into rows of the journal, folds each on the way, and keeps
 * the rows until somebody has stored them. Pure: no clock, no I/O; not thread safe.
 *
 * <p>The backlog is bounded. When it is full the newest events are given up, because the older ones
 * make a history without a hole up to that moment; they are still folded, so that the state stays
 * right, and once half of the backlog is stored a {@link Gap} is written with the whole state
 * ({@link EventBatch#base}) if that is at most {@value #BASE_MAX} characters.
 *
 * <p>A row never spans two days (UTC, by the events' own times; a day never goes back). The last
 * row of a day carries a checkpoint and the first of the next one the state, so that retention can
 * later remove whole days and a replay can start at any day.
 */
public final class TermLog {
  /** Longest state stored in a row, in characters. */
  public static final int BASE_MAX = 64 * 1024;

  private static final int ROW_BYTES_MAX = 256 * 1024;

  private final NodeId coordinator;
  private final long term;
  private final Limits limits;
  private final RoutingState state = new RoutingState();
  private final ContentDigest content = new ContentDigest(1);
  private final ArrayDeque<JournalRow> finished = new ArrayDeque<>();

  private final List<EncodedEvent> rowEvents = new ArrayList<>();
  private long rowFirst = 1;
  private int rowBytes;
  private @Nullable Gap rowGap;
  private @Nullable String rowBase;
  private @Nullable Checkpoint rowCheckpoint;

  private @Nullable LocalDate day;
  private @Nullable Gap pendingGap;
  private boolean dropping;
  private boolean comparable = true;
  private boolean checkpointDue;
  private long checkpointed;
  private long waiting;
  private long lost;

  /** An empty log, before the term's first event. */
  public TermLog(NodeId coordinator, long term, Limits limits) {
    this.coordinator = coordinator;
    this.term = term;
    this.limits = limits;
  }

  /**
   * Sizes.
   *
   * @param rowEvents events in a row, at least 1
   * @param backlog events kept while they cannot be stored, at least {@code rowEvents}
   * @param checkpointEvents events between two checkpoints, at least 1
   */
  public record Limits(int rowEvents, int backlog, int checkpointEvents) {}

  /**
   * Takes the next event. Numbers that were jumped over count as lost.
   *
   * @param number at least the number after the last one
   */
  public void add(long number, RoutingEvent event) {
    loseUpTo(number - 1);
    if (day == null) {
      day = dayOf(event);
    }
    var encoded = encoded(event);
    if (encoded == null || !hasRoom()) {
      flush();
      state.apply(number, encoded == null ? event : encoded.event());
      lose(number, number);
      return;
    }
    closeGap();
    turnDay(event);
    state.apply(number, encoded.event());
    append(encoded);
    if (number % limits.checkpointEvents == 0) {
      checkpoint();
    } else if (rowEvents.size() >= limits.rowEvents || rowBytes >= ROW_BYTES_MAX) {
      flush();
    }
  }

  /** Counts events as lost that never came here, up to and including {@code last}. */
  public void loseUpTo(long last) {
    long first = state.number() + 1;
    if (last >= first) {
      flush();
      state.skipTo(last);
      lose(first, last);
    }
  }

  /** Finishes the row begun, if it holds anything. */
  public void flush() {
    if (rowEvents.isEmpty() && rowGap == null && rowCheckpoint == null) {
      return;
    }
    if (checkpointDue && rowCheckpoint == null) {
      rowCheckpoint = newCheckpoint();
    }
    finished.add(
        new JournalRow(id(), new EventBatch(rowFirst, rowEvents, rowCheckpoint, rowGap, rowBase)));
    rowEvents.clear();
    rowFirst = state.number() + 1;
    rowBytes = 0;
    rowGap = null;
    rowBase = null;
    rowCheckpoint = null;
  }

  /** Writes a checkpoint after the last event, unless there is one; finishes the row. */
  public void checkpoint() {
    if (state.number() == checkpointed || dropping) {
      return;
    }
    closeGap();
    rowCheckpoint = newCheckpoint();
    flush();
  }

  /** Asks for a checkpoint in the next row that is finished. */
  public void checkpointSoon() {
    checkpointDue = state.number() != checkpointed;
  }

  /** The last words of a term: whatever is lost is recorded, and a checkpoint follows. */
  public void close() {
    dropping = false;
    checkpoint();
  }

  /** The oldest finished rows, all under one persistence id; at most {@code max}. */
  public List<JournalRow> head(int max) {
    var rows = new ArrayList<JournalRow>();
    for (var row : finished) {
      if (rows.size() == max || (!rows.isEmpty() && !row.id().equals(rows.get(0).id()))) {
        break;
      }
      rows.add(row);
    }
    return rows;
  }

  /** Forgets the oldest finished rows, because they are stored. */
  public void stored(int rows) {
    for (int i = 0; i < rows; i++) {
      waiting -= finished.remove().batch().events().size();
    }
    if (waiting <= limits.backlog / 2) {
      dropping = false;
      if (pendingGap != null) {
        checkpoint();
      }
    }
  }

  /** Whether an event, or word of a lost one, is not in a finished row yet. */
  public boolean hasOpenRow() {
    return !rowEvents.isEmpty() || pendingGap != null;
  }

  /** Events taken and not yet stored. */
  public long waiting() {
    return waiting;
  }

  /** Events given up since the term began. */
  public long lost() {
    return lost;
  }

  /** Number of the last event folded. */
  public long number() {
    return state.number();
  }

  /** The state after the last event. */
  public RoutingState state() {
    return state;
  }

  private boolean hasRoom() {
    if (waiting >= limits.backlog) {
      dropping = true;
    }
    return !dropping;
  }

  private void append(EncodedEvent encoded) {
    content.add(encoded);
    rowEvents.add(encoded);
    rowBytes += encoded.json().length;
    waiting++;
  }

  private void lose(long first, long last) {
    lost += last - first + 1;
    pendingGap = new Gap(pendingGap == null ? first : pendingGap.first(), last);
  }

  /** Begins a row with the gap before the next event, if there is one. */
  private void closeGap() {
    if (pendingGap == null) {
      return;
    }
    rowGap = pendingGap;
    rowFirst = pendingGap.last() + 1;
    pendingGap = null;
    rebase();
    comparable = rowBase != null;
    content.restart(rowFirst);
  }

  private void turnDay(RoutingEvent event) {
    var today = dayOf(event);
    if (!today.isAfter(day())) {
      return;
    }
    if (rowGap != null) {
      day = today;
      return;
    }
    checkpoint();
    day = today;
    rebase();
    if (rowBase != null) {
      comparable = true;
      content.restart(rowFirst);
    }
  }

  private void rebase() {
    rowBase = null;
    if (state.json().length() <= BASE_MAX) {
      state.learnAnew();
      rowBase = state.json();
    }
  }

  private Checkpoint newCheckpoint() {
    checkpointDue = false;
    checkpointed = state.number();
    return new Checkpoint(
        checkpointed, state.fold(), state.hash(), content.checkpoint(), comparable);
  }

  private HistoryId id() {
    return new HistoryId(coordinator, term, day());
  }

  private LocalDate day() {
    return day == null ? LocalDate.EPOCH : day;
  }

  private static LocalDate dayOf(RoutingEvent event) {
    return LocalDate.ofInstant(event.at(), ZoneOffset.UTC);
  }

  private static @Nullable EncodedEvent encoded(RoutingEvent event) {
    try {
      return EventJson.encode(event);
    } catch (IOException e) {
      return null;
    }
  }
}
