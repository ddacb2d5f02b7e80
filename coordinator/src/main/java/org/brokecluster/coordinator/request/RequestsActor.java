package org.brokecluster.coordinator.request;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.ChildFailed;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.http.javadsl.model.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.brokecluster.coordinator.http.ConnectionWatch;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.error.ApiException;
import org.brokecluster.coordinator.http.error.ErrorStatus;
import org.brokecluster.coordinator.http.openai.ChatCall;
import org.brokecluster.protocol.router.RequestFacts;
import org.jspecify.annotations.Nullable;

/**
 * Parent of all requests of this host: starts them up to a bound, gives them the time, and knows
 * when the last one is done.
 */
final class RequestsActor extends AbstractBehavior<RequestsActor.Command> {
  private static final Duration TICK = Duration.ofMillis(250);
  private static final long LATE_MS = 750;

  /** Anything this actor accepts. */
  sealed interface Command {}

  /**
   * Begin to answer a call.
   *
   * @param watch tells when the client is gone
   * @param response completed with the response or an {@link ApiException}
   * @param over run when a call that was begun is over
   */
  record Open(
      ChatCall call,
      RequestFacts facts,
      ConnectionWatch watch,
      CompletableFuture<HttpResponse> response,
      Runnable over)
      implements Command {}

  /** Take no more calls; {@code done} completes when none is left. */
  record Drain(CompletableFuture<Void> done) implements Command {}

  /** Whoever is left is told that this edge is gone. */
  enum End implements Command {
    INSTANCE
  }

  private enum Tick implements Command {
    INSTANCE
  }

  /** A request under way. */
  private record Ongoing(Open open, AnswerSide answer, ConnectionWatch.Registration watch) {}

  private final RequestContext edge;
  private final AnswerSettings answers;
  private final int max;
  private final KeptAnswers kept;
  private final AnswerTap tap;
  private final Map<ActorRef<Void>, Ongoing> ongoing = new HashMap<>();
  private final List<CompletableFuture<Void>> drains = new ArrayList<>();
  private long lastTickMs = -1;

  private RequestsActor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      RequestContext edge,
      AnswerSettings answers,
      KeptAnswers kept,
      AnswerTap tap,
      int max) {
    super(context);
    this.edge = edge;
    this.answers = answers;
    this.kept = kept;
    this.tap = tap;
    this.max = max;
    timers.startTimerWithFixedDelay(Tick.INSTANCE, TICK);
  }

  /**
   * Begins without requests.
   *
   * @param kept answers for clients that come back
   * @param tap looks at answers
   * @param max requests under way at the same time
   */
  static Behavior<Command> create(
      RequestContext edge, AnswerSettings answers, KeptAnswers kept, AnswerTap tap, int max) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new RequestsActor(context, timers, edge, answers, kept, tap, max)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Open.class, this::onOpen)
        .onMessageEquals(Tick.INSTANCE, this::onTick)
        .onMessage(Drain.class, this::onDrain)
        .onMessageEquals(End.INSTANCE, this::onEnd)
        .onSignal(Terminated.class, this::onEnded)
        .build();
  }

  private Behavior<Command> onOpen(Open open) {
    if (!drains.isEmpty()) {
      open.response().completeExceptionally(refusal("shutting_down", "this edge is shutting down"));
    } else if (ongoing.size() >= max) {
      open.response()
          .completeExceptionally(
              refusal("edge_full", "this edge has %d requests under way already".formatted(max)));
    } else if (open.call().extras().keepSeconds() == 0) {
      start(open, null);
    } else {
      startKept(open);
    }
    return this;
  }

  private void startKept(Open open) {
    var place = kept.keep(open.call());
    if (place == null) {
      var message = "too many answers are kept here (broke.keep.answers); ask without x-broke-keep";
      open.response().completeExceptionally(refusal("keep_full", message));
    } else {
      start(open, place);
    }
  }

  private void start(Open open, @Nullable KeptAnswer place) {
    var id = open.call().request();
    var later = new AtomicReference<ActorRef<RequestActor.Command>>();
    Consumer<RequestActor.Signal> signals =
        signal -> {
          var request = later.get();
          if (request != null) {
            request.tell(signal);
          }
        };
    var answer =
        open.call().stream()
            ? new StreamedAnswer(open.call(), answers, open.response(), place, signals)
            : new WholeAnswer(open.call(), answers, open.response(), place);
    var request =
        getContext()
            .spawn(
                RequestActor.create(
                    edge, open.call(), open.facts(), tap.over(open.call(), open.facts(), answer)),
                id.value());
    later.set(request);
    getContext().watch(request);
    // A connection serves many requests: who is done must not be told of its end.
    var watch = open.watch().onGone(() -> request.tell(RequestActor.Signal.CLIENT_GONE));
    ongoing.put(request.unsafeUpcast(), new Ongoing(open, answer, watch));
  }

  /** A tick that comes late means that this machine slept or stood still. */
  private Behavior<Command> onTick() {
    long now = edge.clock().getAsLong();
    boolean late = lastTickMs >= 0 && now - lastTickMs > TICK.toMillis() + LATE_MS;
    lastTickMs = now;
    var signal = late ? RequestActor.Signal.SLEPT : RequestActor.Signal.TICK;
    edge.registry().forEach(request -> request.tell(signal));
    kept.tick();
    return this;
  }

  private Behavior<Command> onDrain(Drain drain) {
    drains.add(drain.done());
    return drained();
  }

  private Behavior<Command> onEnd() {
    edge.registry().forEach(request -> request.tell(RequestActor.Signal.STOPPING));
    return this;
  }

  private Behavior<Command> onEnded(Terminated ended) {
    var request = ongoing.remove(ended.getRef());
    if (request != null) {
      request.watch().close();
      request.open().over().run();
      if (ended instanceof ChildFailed broken) {
        var id = request.open().call().request();
        request.answer().fail(ErrorStatus.of(broken.getCause(), id.value()));
      }
      // Of a client that hung up nobody has been told; its connection ends with its response only.
      request.open().response().completeExceptionally(new ApiException(ApiError.CLIENT_GONE));
    }
    return drained();
  }

  private Behavior<Command> drained() {
    if (ongoing.isEmpty()) {
      drains.forEach(done -> done.complete(null));
    }
    return this;
  }

  private static ApiException refusal(String code, String message) {
    return new ApiException(ApiError.server(503, code, message).retryAfter(2_000));
  }
}
