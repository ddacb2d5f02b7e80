package org.brokecluster.coordinator.edge;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.AskPattern;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.brokecluster.coordinator.http.HistoryDesk;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.error.ApiException;
import org.brokecluster.protocol.history.HistoryFilter;
import org.brokecluster.protocol.history.HistoryProtocol;
import org.brokecluster.protocol.history.WhatIf;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.router.RouterProtocol;
import org.jspecify.annotations.Nullable;

/** Asks the coordinator that {@link KeeperChoice} names. Thread safe. */
final class LiveHistoryDesk implements HistoryDesk {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** The database counts over many requests. */
  private static final Duration SUMMARY_PATIENCE = Duration.ofSeconds(60);

  /** The first piece waits for what is being written, and counts. */
  private static final Duration BACKUP_PATIENCE = Duration.ofSeconds(30);

  /** Refolding a long history takes a while. */
  private static final Duration REPLAY_PATIENCE = Duration.ofMinutes(10);

  private final Supplier<@Nullable ClusterLink> link;
  private final Keepers<HistoryProtocol.Query> keepers;

  /**
   * A desk that knows no keeper yet.
   *
   * @param link the current membership, or null while there is none
   * @param choice which of several is to be asked now
   */
  LiveHistoryDesk(Supplier<@Nullable ClusterLink> link, Supplier<KeeperChoice> choice) {
    this.link = link;
    this.keepers = new Keepers<>(link, choice);
  }

  void keepersAt(Set<ActorRef<HistoryProtocol.Query>> latest) {
    keepers.set(latest);
  }

  @Override
  public CompletionStage<HistoryProtocol.Page> requests(
      int limit, @Nullable String before, HistoryFilter filter) {
    return page(
        PATIENCE, replyTo -> new HistoryProtocol.GetRequests(limit, before, filter, replyTo));
  }

  @Override
  public CompletionStage<HistoryProtocol.Page> backup(@Nullable String cursor, boolean texts) {
    return page(BACKUP_PATIENCE, replyTo -> new HistoryProtocol.GetBackup(cursor, texts, replyTo));
  }

  private CompletionStage<HistoryProtocol.Page> page(
      Duration patience, Function<ActorRef<HistoryProtocol.Page>, HistoryProtocol.Query> question) {
    return this.<HistoryProtocol.Page>ask(patience, question)
        .thenApply(
            page -> {
              if (page.error() != null) {
                throw Keepers.unavailable(page.error());
              }
              return page;
            });
  }

  @Override
  public CompletionStage<String> summary(HistoryFilter filter, String by, boolean attempts) {
    return document(
        SUMMARY_PATIENCE, replyTo -> new HistoryProtocol.Summarize(filter, by, attempts, replyTo));
  }

  @Override
  public CompletionStage<Optional<String>> past(Instant at) {
    return optional(REPLAY_PATIENCE, replyTo -> new HistoryProtocol.GetPast(at, replyTo));
  }

  @Override
  public CompletionStage<String> verify() {
    return document(REPLAY_PATIENCE, HistoryProtocol.Verify::new);
  }

  @Override
  public CompletionStage<String> suppose(WhatIf order) {
    return document(REPLAY_PATIENCE, replyTo -> new HistoryProtocol.Suppose(order, replyTo));
  }

  @Override
  public CompletionStage<String> forget(String name) {
    return document(PATIENCE, replyTo -> new HistoryProtocol.ForgetPerson(name, replyTo));
  }

  @Override
  public CompletionStage<Boolean> rate(RequestId request, int score, boolean outcome) {
    return request(request)
        .thenCompose(
            known ->
                known.isEmpty()
                    ? CompletableFuture.completedStage(false)
                    : rate(request, score, outcome, known.get()).thenApply(noted -> true));
  }

  private CompletionStage<RouterProtocol.RatingNoted> rate(
      RequestId request, int score, boolean outcome, String known) {
    var membership = link.get();
    if (membership == null) {
      return CompletableFuture.failedStage(Keepers.unavailable("this edge is not connected"));
    }
    var summary = summary(known);
    var model = summary.path("model").textValue();
    var tier = summary.path("tier").textValue();
    return AskPattern.<RouterProtocol.Command, RouterProtocol.RatingNoted>ask(
        membership.router(),
        replyTo ->
            new RouterProtocol.Rate(
                request,
                score,
                outcome,
                model == null ? null : ModelId.of(model),
                tier == null ? null : Tier.parse(tier).orElse(null),
                replyTo),
        PATIENCE,
        membership.system().scheduler());
  }

  private static JsonNode summary(String document) {
    try {
      return MAPPER.readTree(document).path("summary");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the history answered with something that is not JSON", e);
    }
  }

  /** Everything recorded about a request, as JSON; empty if nothing is. */
  CompletionStage<Optional<String>> request(RequestId request) {
    return optional(PATIENCE, replyTo -> new HistoryProtocol.GetRequest(request, replyTo));
  }

  private CompletionStage<String> document(
      Duration patience,
      Function<ActorRef<HistoryProtocol.Document>, HistoryProtocol.Query> question) {
    return optional(patience, question).thenApply(json -> json.orElse("{}"));
  }

  private CompletionStage<Optional<String>> optional(
      Duration patience,
      Function<ActorRef<HistoryProtocol.Document>, HistoryProtocol.Query> question) {
    return this.<HistoryProtocol.Document>ask(patience, question)
        .thenApply(
            document -> {
              if (document.error() != null) {
                throw document.misuse()
                    ? new ApiException(ApiError.invalid(null, "invalid_question", document.error()))
                    : Keepers.unavailable(document.error());
              }
              return Optional.ofNullable(document.json());
            });
  }

  private <T> CompletionStage<T> ask(
      Duration patience, Function<ActorRef<T>, HistoryProtocol.Query> question) {
    return keepers.ask(patience, question);
  }
}
