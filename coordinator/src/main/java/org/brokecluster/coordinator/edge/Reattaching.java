package org.brokecluster.coordinator.edge;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.http.javadsl.model.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.brokecluster.coordinator.http.ConnectionWatch;
import org.brokecluster.coordinator.http.ReattachDesk;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.error.ApiException;
import org.brokecluster.coordinator.http.route.RequestIds;
import org.brokecluster.coordinator.request.KeptAnswers;
import org.brokecluster.protocol.edge.KeptProtocol;
import org.brokecluster.protocol.edge.KeptProtocol.Gone;
import org.brokecluster.protocol.edge.KeptProtocol.Part;
import org.brokecluster.protocol.edge.KeptProtocol.Read;
import org.brokecluster.protocol.edge.KeptProtocol.Reply;
import org.brokecluster.protocol.id.RequestId;
import org.jspecify.annotations.Nullable;

/**
 * Finds the edge that keeps an answer by the id of its request, and reads it there: here, on
 * another machine, or nowhere any more. Thread safe.
 */
final class Reattaching implements ReattachDesk {
  /** Longer than an edge waits before it says that nothing is new. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final int TRIES = 3;

  private final RequestIds own;
  private final KeptAnswers kept;
  private final EdgeRoll<ActorRef<KeptProtocol.Command>> edges;
  private final ActorSystem<?> system;
  private final Function<RequestId, CompletionStage<Optional<String>>> history;
  private final Duration silence;

  /**
   * What it needs.
   *
   * @param own ids made by this edge
   * @param edges other edges by their processes
   * @param system for asks
   * @param history what is recorded about a request, empty if nothing is
   * @param silence pause after which a stream gets a comment line
   */
  Reattaching(
      RequestIds own,
      KeptAnswers kept,
      EdgeRoll<ActorRef<KeptProtocol.Command>> edges,
      ActorSystem<?> system,
      Function<RequestId, CompletionStage<Optional<String>>> history,
      Duration silence) {
    this.own = own;
    this.kept = kept;
    this.edges = edges;
    this.system = system;
    this.history = history;
    this.silence = silence;
  }

  @Override
  public CompletionStage<HttpResponse> reattach(
      RequestId request, long after, String owner, ConnectionWatch watch) {
    var process = RequestIds.processOf(request);
    if (own.made(request)) {
      return new KeptReading(request, last -> kept.read(request, last, owner), silence)
          .response(after, watch);
    }
    if (process.equals(own.process())) {
      return CompletableFuture.failedStage(KeptAnswers.unknown());
    }
    if (edges.find(process) != null) {
      return new KeptReading(
              request, last -> ask(process, new Question(request, last, owner), TRIES), silence)
          .response(after, watch);
    }
    return edges.isLost(process)
        ? CompletableFuture.failedStage(lost())
        : history
            .apply(request)
            .thenCompose(
                record ->
                    CompletableFuture.failedStage(
                        record.isPresent() ? lost() : KeptAnswers.unknown()));
  }

  private record Question(RequestId request, long after, String owner) {
    Read to(ActorRef<Reply> replyTo) {
      return new Read(request, after, owner, replyTo);
    }
  }

  /** An edge may stand still, or come back in another membership, and have the answer still. */
  private CompletionStage<Part> ask(String process, Question question, int tries) {
    var edge = edges.find(process);
    if (edge == null) {
      return CompletableFuture.failedStage(lost());
    }
    return AskPattern.<KeptProtocol.Command, Reply>ask(
            edge, question::to, PATIENCE, system.scheduler())
        .handle((reply, failure) -> answer(reply, failure, process, question, tries))
        .thenCompose(Function.identity());
  }

  private CompletionStage<Part> answer(
      @Nullable Reply reply,
      @Nullable Throwable failure,
      String process,
      Question question,
      int tries) {
    if (reply instanceof Part part) {
      return CompletableFuture.completedStage(part);
    }
    if (reply instanceof Gone gone) {
      return CompletableFuture.failedStage(
          new ApiException(ApiError.client(gone.status(), gone.code(), gone.message())));
    }
    var cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (tries > 1 && cause instanceof TimeoutException) {
      return ask(process, question, tries - 1);
    }
    return CompletableFuture.failedStage(lost());
  }

  private static ApiException lost() {
    return new ApiException(
        ApiError.client(
            410, "edge_lost", "the machine that kept this answer is gone; please ask again"));
  }
}
