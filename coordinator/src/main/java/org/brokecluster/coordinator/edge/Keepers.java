package org.brokecluster.coordinator.edge;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.AskPattern;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.error.ApiException;
import org.jspecify.annotations.Nullable;

/**
 * Coordinators that can be asked something; which of them is, says a {@link KeeperChoice}. Thread
 * safe.
 *
 * @param <Q> what they answer
 */
final class Keepers<Q> {
  private final Supplier<@Nullable ClusterLink> link;
  private final Supplier<KeeperChoice> choice;
  private final AtomicReference<Set<ActorRef<Q>>> all = new AtomicReference<>(Set.of());

  /**
   * Knows nobody yet.
   *
   * @param link the current membership, or null while there is none
   * @param choice which of several is to be asked now
   */
  Keepers(Supplier<@Nullable ClusterLink> link, Supplier<KeeperChoice> choice) {
    this.link = link;
    this.choice = choice;
  }

  void set(Set<ActorRef<Q>> latest) {
    all.set(latest);
  }

  /** Asks; fails with an {@link ApiException} if there is nobody. */
  <T> CompletionStage<T> ask(Duration patience, Function<ActorRef<T>, Q> question) {
    var membership = link.get();
    var to = membership == null ? null : chosen(membership);
    if (to == null || membership == null) {
      return CompletableFuture.failedStage(
          new ApiException(
              ApiError.server(
                      503, "no_history", "no coordinator with a routing history can be reached")
                  .retryAfter(2_000)));
    }
    return AskPattern.<Q, T>ask(to, question::apply, patience, membership.system().scheduler());
  }

  /** Somebody was asked who cannot answer now. */
  static ApiException unavailable(String reason) {
    return new ApiException(ApiError.server(503, "history_unavailable", reason));
  }

  private @Nullable ActorRef<Q> chosen(ClusterLink membership) {
    return choice.get().among(all.get(), each -> address(each, membership)).orElse(null);
  }

  private static String address(ActorRef<?> keeper, ClusterLink membership) {
    var address = keeper.path().address();
    var full = address.hasGlobalScope() ? address : membership.system().address();
    return full.getHost().orElse("") + ":" + full.getPort().orElse(0);
  }
}
