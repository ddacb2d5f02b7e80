package org.brokecluster.coordinator.http.route;

import akka.http.javadsl.model.HttpResponse;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.brokecluster.coordinator.http.ClusterDesk;
import org.brokecluster.coordinator.http.api.ModelEntry;
import org.brokecluster.coordinator.http.api.ModelList;
import org.brokecluster.coordinator.http.error.ApiError;

/** {@code /v1/models}: what may be written into {@code model}. */
final class ModelRoutes {
  private static final int NAMED_MAX = 20;

  private final ClusterDesk desk;
  private final long created;

  ModelRoutes(ClusterDesk desk, long created) {
    this.desk = desk;
    this.created = created;
  }

  void addTo(RouteTable table) {
    table.add("GET", "/v1/models", exchange -> Responses.ok(list()));
    table.add("GET", "/v1/models/{id...}", this::model);
  }

  private CompletionStage<HttpResponse> model(Exchange exchange) {
    var list = list();
    var entry = list.find(exchange.parameter("id"));
    if (entry.isPresent()) {
      return Responses.ok(entry.get());
    }
    var known =
        list.data().stream()
            .map(ModelList.Entry::id)
            .limit(NAMED_MAX)
            .collect(Collectors.joining(", "));
    var error =
        new ApiError(
            404,
            ApiError.INVALID_REQUEST,
            "model_not_found",
            "no such model here; there are " + known,
            "model",
            null);
    return Responses.done(Responses.error(error));
  }

  private ModelList list() {
    return ModelList.of(ModelEntry.of(desk.nodes()), created);
  }
}
