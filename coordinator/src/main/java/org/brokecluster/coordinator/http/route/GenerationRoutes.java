package org.brokecluster.coordinator.http.route;

import org.brokecluster.coordinator.http.GenerationDesk;
import org.brokecluster.protocol.model.Api;

/** The paths that make a model answer. */
final class GenerationRoutes {
  private final CallReading reading;
  private final GenerationDesk desk;

  GenerationRoutes(CallReading reading, GenerationDesk desk) {
    this.reading = reading;
    this.desk = desk;
  }

  void addTo(RouteTable table) {
    table.add("POST", "/v1/chat/completions", endpoint(Api.CHAT));
    table.add("POST", "/v1/completions", endpoint(Api.COMPLETION));
  }

  private Endpoint endpoint(Api api) {
    return exchange -> reading.call(exchange, api, call -> desk.open(call, exchange.watch()));
  }
}
