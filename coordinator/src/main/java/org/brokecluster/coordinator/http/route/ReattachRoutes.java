package org.brokecluster.coordinator.http.route;

import akka.http.javadsl.model.HttpResponse;
import java.util.concurrent.CompletionStage;
import org.brokecluster.coordinator.http.ReattachDesk;
import org.brokecluster.coordinator.http.error.ApiException;

/** The way back to an answer whose connection was lost. */
final class ReattachRoutes {
  private static final String LAST_EVENT = "Last-Event-ID";

  private final ReattachDesk desk;
  private final Owners owners;

  ReattachRoutes(ReattachDesk desk, Owners owners) {
    this.desk = desk;
    this.owners = owners;
  }

  void addTo(RouteTable table) {
    table.add("GET", "/api/requests/{id}/stream", this::stream);
  }

  private CompletionStage<HttpResponse> stream(Exchange exchange) {
    var request = ClusterRoutes.requestId(exchange);
    var owner = owners.of(request, exchange.http(), null);
    return desk.reattach(request, after(exchange), owner, exchange.watch());
  }

  private static long after(Exchange exchange) {
    var header = exchange.http().getHeader(LAST_EVENT);
    if (header.isEmpty() || header.get().value().isBlank()) {
      return 0;
    }
    try {
      long after = Long.parseLong(header.get().value().strip());
      if (after >= 0) {
        return after;
      }
    } catch (NumberFormatException e) {
      throw invalid();
    }
    throw invalid();
  }

  private static ApiException invalid() {
    return ApiException.invalid(LAST_EVENT, "must be the id of an event you have");
  }
}
