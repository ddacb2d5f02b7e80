package org.brokecluster.coordinator.content;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.brokecluster.coordinator.history.content.ContentSettings;
import org.brokecluster.protocol.history.ContentProtocol;
import org.brokecluster.protocol.history.ContentProtocol.Kept;
import org.brokecluster.protocol.history.ContentProtocol.Text;
import org.jspecify.annotations.Nullable;

/**
 * Packs texts and sends them to the coordinator that keeps them, several together, one message at a
 * time, and again until they are stored, refused or too old.
 */
final class ContentSenderActor extends AbstractBehavior<ContentSenderActor.Command> {
  private static final Duration RETRY_MIN = Duration.ofSeconds(1);
  private static final Duration RETRY_MAX = Duration.ofSeconds(30);

  /** Anything this actor accepts. */
  sealed interface Command permits Offered, Answered, Retry {}

  /** A text to send. */
  record Offered(Recorded recorded) implements Command {}

  private record Answered(List<Waiting> batch, @Nullable Kept kept) implements Command {}

  private enum Retry implements Command {
    TICK
  }

  private record Waiting(Text text, long size, long sinceMs) {}

  private final ContentOutbox outbox;
  private final ContentSettings settings;
  private final Function<List<Text>, CompletionStage<Kept>> keeper;
  private final LongSupplier clock;
  private final TimerScheduler<Command> timers;
  private final Deque<Waiting> queue = new ArrayDeque<>();
  private boolean sending;
  private Duration pause = RETRY_MIN;
  private @Nullable String trouble;

  private ContentSenderActor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ContentOutbox outbox,
      ContentSettings settings,
      Function<List<Text>, CompletionStage<Kept>> keeper,
      LongSupplier clock) {
    super(context);
    this.timers = timers;
    this.outbox = outbox;
    this.settings = settings;
    this.keeper = keeper;
    this.clock = clock;
  }

  /**
   * The actor.
   *
   * @param outbox told what became of each text
   * @param keeper takes texts to whoever keeps them
   * @param clock monotonic milliseconds
   */
  static Behavior<Command> create(
      ContentOutbox outbox,
      ContentSettings settings,
      Function<List<Text>, CompletionStage<Kept>> keeper,
      LongSupplier clock) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new ContentSenderActor(context, timers, outbox, settings, keeper, clock)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Offered.class, this::onOffered)
        .onMessage(Answered.class, this::onAnswered)
        .onMessageEquals(Retry.TICK, this::send)
        .build();
  }

  private Behavior<Command> onOffered(Offered offered) {
    var recorded = offered.recorded();
    try {
      var text = CallText.of(recorded, settings.textMax());
      queue.add(new Waiting(text, recorded.size(), clock.getAsLong()));
    } catch (IOException e) {
      outbox.done(recorded.size(), false);
      getContext().getLog().warn("the text of {} cannot be kept", recorded.call().request());
    }
    return timers.isTimerActive(Retry.TICK) ? this : send();
  }

  private Behavior<Command> send() {
    dropOld();
    if (sending || queue.isEmpty()) {
      return this;
    }
    var batch = new ArrayList<Waiting>();
    int room = ContentProtocol.PACKED_MAX;
    while (!queue.isEmpty() && (batch.isEmpty() || queue.peek().text().packed().length <= room)) {
      var next = queue.remove();
      room -= next.text().packed().length;
      batch.add(next);
    }
    sending = true;
    getContext()
        .pipeToSelf(
            keeper.apply(batch.stream().map(Waiting::text).toList()),
            (kept, failure) -> new Answered(batch, failure == null ? kept : null));
    return this;
  }

  private Behavior<Command> onAnswered(Answered answered) {
    sending = false;
    var kept = answered.kept();
    boolean again = kept == null || kept.again();
    var refusal = kept == null ? "no coordinator that keeps texts answers" : kept.refusal();
    say(refusal);
    if (again) {
      var batch = answered.batch();
      for (int i = batch.size() - 1; i >= 0; i--) {
        queue.addFirst(batch.get(i));
      }
      timers.startSingleTimer(Retry.TICK, pause);
      pause = pause.multipliedBy(2).compareTo(RETRY_MAX) > 0 ? RETRY_MAX : pause.multipliedBy(2);
      dropOld();
      return this;
    }
    pause = RETRY_MIN;
    answered.batch().forEach(each -> outbox.done(each.size(), refusal == null));
    return send();
  }

  private void dropOld() {
    long before = clock.getAsLong() - settings.patience().toMillis();
    while (!queue.isEmpty() && queue.peek().sinceMs() < before) {
      outbox.done(queue.remove().size(), false);
    }
  }

  /** Once when it begins and once when it ends. */
  private void say(@Nullable String refusal) {
    if (refusal != null && trouble == null) {
      getContext().getLog().warn("texts of this host are not kept: {}", refusal);
    } else if (refusal == null && trouble != null) {
      getContext().getLog().info("texts of this host are kept again");
    }
    trouble = refusal;
  }
}
