package org.brokecluster.coordinator.content;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.brokecluster.coordinator.collect.TextSource;
import org.brokecluster.coordinator.history.content.ContentSettings;
import org.brokecluster.coordinator.http.openai.ChatCall;
import org.brokecluster.coordinator.request.AnswerSide;
import org.brokecluster.coordinator.request.AnswerTap;
import org.brokecluster.protocol.history.ContentProtocol;
import org.brokecluster.protocol.router.RequestFacts;
import org.jspecify.annotations.Nullable;

/**
 * Texts of this host that wait to be stored: bounded by the memory they take. What does not fit is
 * let go and counted; no answer ever waits for it. Thread safe.
 */
public final class ContentOutbox implements AnswerTap {
  private final ContentSettings settings;
  private final LongSupplier clock;
  private final AtomicLong waiting = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong stored = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private volatile @Nullable ActorRef<ContentSenderActor.Command> sender;

  /**
   * Empty; takes nothing before {@link #start}.
   *
   * @param clock monotonic milliseconds
   */
  public ContentOutbox(ContentSettings settings, LongSupplier clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Begins to take texts, if they are to be kept.
   *
   * @param host the host's own actor system
   * @param keeper takes texts to the coordinator that keeps them
   */
  public void start(
      ActorSystem<?> host,
      Function<List<ContentProtocol.Text>, CompletionStage<ContentProtocol.Kept>> keeper) {
    if (settings.store()) {
      var blocking = DispatcherSelector.blocking(); // packing takes a while
      sender =
          host.systemActorOf(
              ContentSenderActor.create(this, settings, keeper, clock), "content", blocking);
    }
  }

  @Override
  public AnswerSide over(ChatCall call, RequestFacts facts, AnswerSide answer) {
    if (sender == null || TextSource.OWN_LOAD.equals(call.wishes().framework())) {
      return answer;
    }
    return new RecordedAnswer(
        answer,
        call,
        facts,
        new AnswerText(settings.textMax()),
        this::offer,
        clock,
        System.currentTimeMillis());
  }

  /** Takes a text, or counts it as lost; returns at once. */
  void offer(Recorded recorded) {
    var to = sender;
    long size = recorded.size();
    if (to == null || bytes.addAndGet(size) > settings.waitingMax()) {
      bytes.addAndGet(to == null ? 0 : -size);
      lost.incrementAndGet();
    } else {
      waiting.incrementAndGet();
      to.tell(new ContentSenderActor.Offered(recorded));
    }
  }

  /** A text waits no longer. */
  void done(long size, boolean isStored) {
    waiting.decrementAndGet();
    bytes.addAndGet(-size);
    (isStored ? stored : lost).incrementAndGet();
  }

  /** Whether calls to this host are handed over. */
  public boolean isOn() {
    return settings.store();
  }

  /** Texts not stored yet. */
  public long waiting() {
    return waiting.get();
  }

  /** Bytes that those take. */
  public long waitingBytes() {
    return bytes.get();
  }

  /** Texts stored since the start. */
  public long stored() {
    return stored.get();
  }

  /** Texts let go since the start: no room, nobody who keeps them, or too old. */
  public long lost() {
    return lost.get();
  }
}
