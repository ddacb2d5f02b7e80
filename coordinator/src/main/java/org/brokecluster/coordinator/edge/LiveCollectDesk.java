package org.brokecluster.coordinator.edge;

import akka.actor.typed.ActorRef;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.brokecluster.coordinator.http.CollectDesk;
import org.brokecluster.protocol.history.ContentFilter;
import org.brokecluster.protocol.history.ContentProtocol;
import org.brokecluster.protocol.history.HistoryProtocol;
import org.brokecluster.protocol.id.RequestId;
import org.jspecify.annotations.Nullable;

/** Asks the coordinator that keeps texts. Thread safe. */
final class LiveCollectDesk implements CollectDesk {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Keepers<ContentProtocol.Command> keepers;
  private volatile boolean kept;

  /** A desk that knows no keeper yet; see {@link Keepers} for the parameters. */
  LiveCollectDesk(Supplier<@Nullable ClusterLink> link, Supplier<KeeperChoice> choice) {
    this.keepers = new Keepers<>(link, choice);
  }

  void keepersAt(Set<ActorRef<ContentProtocol.Command>> latest) {
    keepers.set(latest);
  }

  void keepingAt(Set<ActorRef<ContentProtocol.Command>> latest) {
    kept = !latest.isEmpty();
  }

  /** Whether a coordinator keeps new texts. */
  boolean isKept() {
    return kept;
  }

  @Override
  public CompletionStage<ContentProtocol.Page> texts(
      ContentFilter filter, int limit, @Nullable String before, boolean countOnly) {
    return keepers
        .<ContentProtocol.Page>ask(
            PATIENCE,
            replyTo -> new ContentProtocol.Read(filter, limit, before, countOnly, replyTo))
        .thenApply(
            page -> {
              if (page.error() != null) {
                throw Keepers.unavailable(page.error());
              }
              return page;
            });
  }

  @Override
  public CompletionStage<String> state() {
    return document(ContentProtocol.GetState::new);
  }

  @Override
  public CompletionStage<ContentProtocol.Kept> keep(List<ContentProtocol.Text> texts) {
    return keepers.ask(PATIENCE, replyTo -> new ContentProtocol.Keep(texts, replyTo));
  }

  @Override
  public CompletionStage<Optional<String>> note(
      RequestId request, @Nullable String reason, @Nullable String tests) {
    return keepers
        .<ContentProtocol.Noted>ask(
            PATIENCE, replyTo -> new ContentProtocol.Note(request, reason, tests, replyTo))
        .thenApply(noted -> Optional.ofNullable(noted.refusal()));
  }

  @Override
  public CompletionStage<String> erase(@Nullable String id, @Nullable Long before) {
    return document(replyTo -> new ContentProtocol.Erase(id, before, replyTo));
  }

  private CompletionStage<String> document(
      Function<ActorRef<HistoryProtocol.Document>, ContentProtocol.Command> question) {
    return keepers
        .ask(PATIENCE, question)
        .thenApply(
            document -> {
              var json = document.json();
              if (json == null) {
                throw Keepers.unavailable(String.valueOf(document.error()));
              }
              return json;
            });
  }
}
