package org.brokecluster.coordinator.http.route;

import org.brokecluster.coordinator.http.GenerationDesk;
import org.brokecluster.coordinator.http.openai.ChatCall;
import org.brokecluster.protocol.model.Api;

/** The paths that make a model answer. */
final class GenerationRoutes {
  private final CallReading reading;
  private final GenerationDesk desk;
  private final Owners owners;

  GenerationRoutes(CallReading reading, GenerationDesk desk, Owners owners) {
    this.reading = reading;
    this.desk = desk;
    this.owners = owners;
  }

  void addTo(RouteTable table) {
    table.add("POST", "/v1/chat/completions", endpoint(Api.CHAT));
    table.add("POST", "/v1/completions", endpoint(Api.COMPLETION));
  }

  private Endpoint endpoint(Api api) {
    return exchange ->
        reading.call(
            exchange,
            api,
            (call, over) -> desk.open(owned(call, exchange), exchange.watch(), over));
  }

  /** Only an answer that is kept has to know whose it is. */
  private ChatCall owned(ChatCall call, Exchange exchange) {
    return call.extras().keepSeconds() == 0
        ? call
        : call.ownedBy(owners.of(call.request(), exchange.http(), call.wishes().user()));
  }
}
