package org.brokecluster.coordinator.request;

import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.error.ApiException;
import org.brokecluster.coordinator.http.openai.ChatCall;
import org.brokecluster.protocol.edge.KeptProtocol.Part;
import org.brokecluster.protocol.id.RequestId;
import org.jspecify.annotations.Nullable;

/**
 * The answers this edge keeps for clients that may come back. Bounded: for a new one, the one that
 * has ended and been alone for longest gives way. Thread safe.
 */
public final class KeptAnswers {
  private static final long MILLIS = 1_000;

  private final KeepSettings settings;
  private final LongSupplier clock;
  private final Map<RequestId, KeptAnswer> answers = new ConcurrentHashMap<>();

  /**
   * None yet.
   *
   * @param clock monotonic milliseconds
   */
  KeptAnswers(KeepSettings settings, LongSupplier clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /** Keeps the answer to a call from now on; null if there is no room. */
  @Nullable KeptAnswer keep(ChatCall call) {
    if (answers.size() >= settings.answers() && !makeRoom()) {
      return null;
    }
    long keepMs = call.extras().keepSeconds() * MILLIS;
    var kept = new KeptAnswer(call.owner(), keepMs, settings.answerMax());
    answers.put(call.request(), kept);
    return kept;
  }

  private boolean makeRoom() {
    long now = clock.getAsLong();
    var victim =
        answers.entrySet().stream()
            .filter(entry -> entry.getValue().ended() && entry.getValue().aloneMs(now) >= 0)
            .max(Comparator.comparingLong(entry -> entry.getValue().aloneMs(now)));
    victim.ifPresent(entry -> answers.remove(entry.getKey()));
    return victim.isPresent();
  }

  /**
   * What follows a piece of an answer that this edge has been asked for, soon.
   *
   * @param after number of the last piece the reader has, 0 for none
   * @param owner proof that the reader may have it
   * @return fails with an {@link ApiException} if there is nothing to read for this reader
   */
  public CompletionStage<Part> read(RequestId request, long after, String owner) {
    var kept = answers.get(request);
    if (kept == null) {
      return CompletableFuture.failedStage(
          new ApiException(
              ApiError.client(
                  410,
                  "answer_gone",
                  "this answer is not kept: it was not asked for with x-broke-keep, or its time is"
                      + " over")));
    }
    if (!kept.ownedBy(owner)) {
      return CompletableFuture.failedStage(unknown());
    }
    return kept.read(after, clock.getAsLong());
  }

  /** What a client is told that asks for an answer nobody has made, or not for it. */
  public static ApiException unknown() {
    return new ApiException(
        ApiError.client(404, "not_found", "there is no answer with this id for this key and user"));
  }

  /** Time has passed: readers that wait hear something, and what nobody came for is forgotten. */
  void tick() {
    long now = clock.getAsLong();
    answers.values().forEach(kept -> kept.tick(now));
    answers.values().removeIf(kept -> kept.over(now));
  }

  /** Answers kept. */
  int size() {
    return answers.size();
  }

  /** Bytes kept of all of them. */
  long bytes() {
    return answers.values().stream().mapToLong(KeptAnswer::bytes).sum();
  }
}
