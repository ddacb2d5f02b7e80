package org.brokecluster.coordinator.http.route;

import akka.http.javadsl.model.HttpResponse;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.brokecluster.coordinator.http.CollectDesk;
import org.brokecluster.coordinator.http.HistoryDesk;
import org.brokecluster.coordinator.http.error.ApiError;

/**
 * What people think of answers. The rating becomes an event; words never do: they are kept beside
 * the texts, sealed, and go with whoever asked.
 */
final class FeedbackRoutes {
  private final HistoryDesk history;
  private final CollectDesk collect;
  private final CallReading reading;

  FeedbackRoutes(HistoryDesk history, CollectDesk collect, CallReading reading) {
    this.history = history;
    this.collect = collect;
    this.reading = reading;
  }

  void addTo(RouteTable table) {
    table.add("POST", "/api/feedback", exchange -> reading.object(exchange, this::feedback));
  }

  private CompletionStage<HttpResponse> feedback(ObjectNode body) {
    var feedback = FeedbackBody.read(body);
    var score = feedback.score();
    var rated =
        score == null
            ? CompletableFuture.completedStage(true)
            : history.rate(feedback.request(), score, feedback.outcome());
    return rated.thenCompose(
        known ->
            known
                ? noted(feedback)
                : Responses.done(
                    Responses.error(
                        ApiError.client(
                            404, "not_found", "nothing is recorded about this request"))));
  }

  private CompletionStage<HttpResponse> noted(FeedbackBody feedback) {
    if (feedback.reason() == null && feedback.tests() == null) {
      return Responses.done(answer(feedback, Optional.empty()));
    }
    return collect
        .note(feedback.request(), feedback.reason(), feedback.tests())
        .thenApply(refusal -> answer(feedback, refusal));
  }

  private static HttpResponse answer(FeedbackBody feedback, Optional<String> refusal) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("request", feedback.request().value());
    if (feedback.outcome()) {
      json.put("success", feedback.succeeded());
    } else if (feedback.score() != null) {
      json.put("rating", feedback.score());
    }
    if (feedback.reason() != null || feedback.tests() != null) {
      json.put("noted", refusal.isEmpty());
      refusal.ifPresent(why -> json.put("why", why));
    }
    return Responses.document(json.toString());
  }
}
