package org.brokecluster.coordinator.http.route;

import akka.http.javadsl.model.HttpResponse;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.brokecluster.coordinator.http.ClusterDesk;
import org.brokecluster.coordinator.http.api.ModelEntry;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.error.ApiException;
import org.brokecluster.coordinator.http.openai.AnswerIdentity;
import org.brokecluster.protocol.id.RequestId;

/** State of the cluster, decisions and configuration. */
final class ClusterRoutes {
  private static final String STRATEGY = "strategy";
  private static final String UNKNOWN =
      "no such request is known; its id is the x-request-id of the answer, and ./broke history lists"
          + " what is recorded. Calls turned away as malformed or without a key are not recorded";

  private final ClusterDesk desk;
  private final CallReading reading;

  ClusterRoutes(ClusterDesk desk, CallReading reading) {
    this.desk = desk;
    this.reading = reading;
  }

  void addTo(RouteTable table) {
    table.add("GET", "/api/cluster/status", exchange -> Responses.ok(desk.status()));
    table.add("GET", "/api/queue/status", exchange -> queue());
    table.add("GET", "/api/cluster/models", exchange -> Responses.ok(ModelEntry.of(desk.nodes())));
    table.add("POST", "/api/routes", this::dryRun);
    table.add("GET", "/api/plan", exchange -> plan());
    table.add("GET", "/api/requests/{id}", this::request);
    table.add("GET", "/api/requests/{id}/explain", this::explain);
    table.add("GET", "/api/config", exchange -> Responses.ok(desk.strategy()));
    table.add("PUT", "/api/config", exchange -> reading.object(exchange, this::configure));
  }

  private CompletionStage<HttpResponse> queue() {
    var queue = desk.queue();
    return queue == null ? CompletableFuture.completedStage(noRouter()) : Responses.ok(queue);
  }

  private static HttpResponse noRouter() {
    return Responses.error(
        ApiError.server(503, "no_router", "no router answers; try again").retryAfter(1_000));
  }

  private CompletionStage<HttpResponse> dryRun(Exchange exchange) {
    return reading.shortCall(
        exchange,
        call ->
            desk.dryRun(call)
                .thenApply(json -> json.isPresent() ? Responses.document(json, "") : noRouter()));
  }

  private CompletionStage<HttpResponse> plan() {
    return desk.plan()
        .thenApply(json -> json.isPresent() ? Responses.document(json, "") : noRouter());
  }

  private CompletionStage<HttpResponse> request(Exchange exchange) {
    return desk.request(requestId(exchange)).thenApply(json -> Responses.document(json, UNKNOWN));
  }

  private CompletionStage<HttpResponse> explain(Exchange exchange) {
    return desk.explain(requestId(exchange)).thenApply(json -> Responses.document(json, UNKNOWN));
  }

  private CompletionStage<HttpResponse> configure(ObjectNode body) {
    body.fieldNames()
        .forEachRemaining(
            name -> {
              if (!name.equals(STRATEGY)) {
                throw invalid(
                    name.length() <= 64 ? name : name.substring(0, 64),
                    "unknown_parameter",
                    "cannot be changed at run time; what can be changed: strategy");
              }
            });
    var strategy = body.get(STRATEGY);
    if (strategy == null || !strategy.isTextual() || strategy.textValue().isBlank()) {
      throw invalid(
          STRATEGY,
          "invalid_value",
          "strategy must be one of " + String.join(", ", desk.strategy().strategies()));
    }
    return desk.setStrategy(strategy.textValue()).thenCompose(Responses::ok);
  }

  /** The id in the path. */
  static RequestId requestId(Exchange exchange) {
    try {
      return RequestId.of(AnswerIdentity.request(exchange.parameter("id")));
    } catch (IllegalArgumentException e) {
      throw invalid("id", "invalid_value", "a request id has letters, digits, _ and - only");
    }
  }

  private static ApiException invalid(String param, String code, String message) {
    return new ApiException(ApiError.invalid(param, code, message));
  }
}
