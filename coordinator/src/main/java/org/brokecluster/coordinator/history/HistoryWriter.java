package org.brokecluster.coordinator.history;

import akka.actor.typed.ActorRef;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.state.HistorySite;
import org.jspecify.annotations.Nullable;

/**
 * The router's end of one term's history: numbers events and puts them into a bounded inbox, which
 * {@link WriterActor} empties. {@link #emit} never waits for the database, and wakes the actor at
 * most once per flush interval and row.
 */
public final class HistoryWriter implements EventSink {
  private final NodeId coordinator;
  private final long term;
  private final Supplier<HistoryStatus> status;
  private final People people;
  private final HistorySite site;
  private final int bound;
  private final int wakeEvery;
  private final ConcurrentLinkedQueue<Numbered> inbox = new ConcurrentLinkedQueue<>();
  private final AtomicLong emitted = new AtomicLong();
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicBoolean awake = new AtomicBoolean();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile long lastRefused;
  private volatile boolean closed;
  private volatile @Nullable ActorRef<WriterActor.Command> actor;
  private volatile Progress progress = new Progress("behind", 0, 0, 0, "");

  HistoryWriter(
      NodeId coordinator,
      long term,
      HistorySettings settings,
      Supplier<HistoryStatus> status,
      People people,
      HistorySite site) {
    this.people = people;
    this.site = site;
    this.status = status;
    this.coordinator = coordinator;
    this.term = term;
    this.bound = settings.backlog();
    this.wakeEvery = settings.rowEvents();
  }

  /** An event and its number in the term, from 1. */
  record Numbered(long number, RoutingEvent event) {}

  /**
   * What the actor has done so far.
   *
   * @param state in one word, not minding whether the database is open
   * @param waiting events taken and not stored
   * @param lost events taken or refused, and given up
   * @param stored number of the last stored event
   * @param trouble why nothing can be stored at the moment; empty if it can
   */
  record Progress(String state, long waiting, long lost, long stored, String trouble) {}

  @Override
  public void emit(RoutingEvent event) {
    long number = emitted.get() + 1;
    if (closed || number - 1 - taken.get() - refused.get() >= bound) {
      refused.incrementAndGet();
      lastRefused = number;
      emitted.set(number);
      return;
    }
    inbox.add(new Numbered(number, people.disguise(event)));
    emitted.set(number);
    if (awake.compareAndSet(false, true)) {
      tell(WriterActor.Signal.WAKE);
    } else if (number % wakeEvery == 0) {
      tell(WriterActor.Signal.DRAIN);
    }
  }

  @Override
  public HistorySite site() {
    var trouble = trouble();
    return trouble.isEmpty() ? site : new HistorySite(site.shared(), site.place(), trouble);
  }

  /** Why nothing can be stored at the moment; empty if it can. */
  String trouble() {
    var now = status.get();
    return now.phase() == HistoryStatus.Phase.OFF ? now.reason() : progress.trouble();
  }

  @Override
  public Health health() {
    var seen = progress;
    var word = status.get().phase() == HistoryStatus.Phase.OFF ? "off" : seen.state();
    long inInbox = emitted.get() - taken.get() - refused.get();
    return new Health(word, seen.waiting() + Math.max(0, inInbox), seen.lost());
  }

  /** Number of the last event emitted. */
  long emitted() {
    return emitted.get();
  }

  NodeId coordinator() {
    return coordinator;
  }

  long term() {
    return term;
  }

  @Nullable ActorRef<WriterActor.Command> actor() {
    return actor;
  }

  /** From now on the actor is told of new events. */
  void attach(ActorRef<WriterActor.Command> writer) {
    actor = writer;
    awake.set(true);
    writer.tell(WriterActor.Signal.WAKE);
  }

  /** From now on every event is refused. */
  void close() {
    closed = true;
  }

  /**
   * Completes when the actor has stopped: what it could store is stored, and it answers nobody any
   * more, neither what comes late nor what waits for events that were refused. Always the same
   * future, so that nothing is left of whoever has waited for it.
   */
  CompletableFuture<Void> ended() {
    return ended;
  }

  /** The actor stops, whatever it has not stored. */
  void giveUp() {
    tell(WriterActor.Signal.GIVE_UP);
  }

  /** The actor has stopped; for the actor only. */
  void end() {
    ended.complete(null);
  }

  /** The next event, or null; for the actor only. */
  @Nullable Numbered poll() {
    var next = inbox.poll();
    if (next != null) {
      taken.incrementAndGet();
    }
    return next;
  }

  /** Whether more waits; for the actor only. */
  boolean hasMore() {
    return !inbox.isEmpty();
  }

  /**
   * Number of the last event refused, 0 if none. Everything before it is in the inbox by the time
   * this returns.
   */
  long lastRefused() {
    return lastRefused;
  }

  /** The next event shall wake the actor; for the actor only, before it empties the inbox. */
  void mayWake() {
    awake.set(false);
  }

  void publish(Progress now) {
    progress = now;
  }

  private void tell(WriterActor.Signal signal) {
    var to = actor;
    if (to != null) {
      to.tell(signal);
    }
  }
}
