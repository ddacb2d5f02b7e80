package org.brokecluster.coordinator.http.route;

import akka.http.javadsl.model.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import org.brokecluster.coordinator.http.api.ApiJson;
import org.brokecluster.coordinator.http.api.Health;

/** Alive, ready, and how busy. */
final class HealthRoutes {
  private final EdgeRoutes.Context context;
  private final byte[] health;

  HealthRoutes(EdgeRoutes.Context context) {
    this.context = context;
    health = ApiJson.write(Health.of(context.node(), context.version()));
  }

  void addTo(RouteTable table) {
    table.add("GET", "/health", exchange -> Responses.done(Responses.json(200, health)));
    table.add("GET", "/ready", exchange -> ready());
    table.add("GET", "/metrics", exchange -> metrics());
  }

  private CompletionStage<HttpResponse> ready() {
    var readiness = context.cluster().readiness();
    return Responses.done(Responses.json(readiness.ready() ? 200 : 503, ApiJson.write(readiness)));
  }

  private CompletionStage<HttpResponse> metrics() {
    var text = context.metrics().scrape().getBytes(StandardCharsets.UTF_8);
    return Responses.done(Responses.bytes(200, Responses.METRICS, text));
  }
}
