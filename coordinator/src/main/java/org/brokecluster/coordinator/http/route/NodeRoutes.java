package org.brokecluster.coordinator.http.route;

import akka.http.javadsl.model.HttpResponse;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.brokecluster.coordinator.http.ClusterDesk;
import org.brokecluster.coordinator.http.api.ActionResult;
import org.brokecluster.coordinator.http.api.ApiJson;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.error.ApiException;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.node.DrillKind;
import org.brokecluster.protocol.node.NodeProtocol.ModelAction;

/** The nodes, one by one, and what can be done to them. */
final class NodeRoutes {
  private static final String NODE = "/api/nodes/{name}";

  private final ClusterDesk desk;
  private final CallReading reading;

  NodeRoutes(ClusterDesk desk, CallReading reading) {
    this.desk = desk;
    this.reading = reading;
  }

  void addTo(RouteTable table) {
    table.add("GET", "/api/nodes", exchange -> Responses.ok(desk.nodes()));
    table.add("GET", NODE, this::node);
    table.add(
        "POST",
        NODE + "/drain",
        exchange -> reading.object(exchange, body -> drain(exchange, true)));
    table.add(
        "POST",
        NODE + "/resume",
        exchange -> reading.object(exchange, body -> drain(exchange, false)));
    table.add(
        "POST",
        NODE + "/drill",
        exchange -> reading.object(exchange, body -> drill(exchange, body)));
    table.add("GET", NODE + "/speeds", this::speeds);
    table.add(
        "POST",
        NODE + "/speeds",
        exchange -> reading.object(exchange, body -> adopt(exchange, body)));
    for (var action : ModelAction.values()) {
      var verb = action.name().toLowerCase(Locale.ROOT);
      table.add(
          "POST",
          NODE + "/models/" + verb,
          exchange -> reading.object(exchange, body -> model(exchange, named(body), action)));
      table.add(
          "POST",
          NODE + "/models/{id...}/" + verb,
          exchange ->
              reading.object(exchange, body -> model(exchange, exchange.parameter("id"), action)));
    }
  }

  private CompletionStage<HttpResponse> node(Exchange exchange) {
    var name = exchange.parameter("name");
    return desk.nodes().stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .map(Responses::ok)
        .orElseGet(() -> Responses.done(Responses.error(unknownNode())));
  }

  private CompletionStage<HttpResponse> drain(Exchange exchange, boolean on) {
    return desk.drain(nodeId(exchange), on).thenApply(NodeRoutes::outcome);
  }

  private CompletionStage<HttpResponse> drill(Exchange exchange, ObjectNode body) {
    var kind =
        DrillKind.parse(body.path("kind").asText(""))
            .orElseThrow(() -> ApiException.invalid("kind", "is kill, pause, slow or partition"));
    var seconds = body.path("seconds");
    if (!seconds.isInt() || seconds.intValue() < 1) {
      throw ApiException.invalid("seconds", "is a whole number, at least 1");
    }
    return desk.drill(nodeId(exchange), kind, seconds.intValue()).thenApply(NodeRoutes::outcome);
  }

  private CompletionStage<HttpResponse> speeds(Exchange exchange) {
    return desk.speeds(nodeId(exchange))
        .thenApply(
            speeds ->
                speeds
                    .map(known -> Responses.json(200, ApiJson.write(known)))
                    .orElseGet(() -> Responses.error(unknownNode())));
  }

  private CompletionStage<HttpResponse> adopt(Exchange exchange, ObjectNode body) {
    var baselines = Baselines.read(body);
    return desk.adoptSpeeds(
            nodeId(exchange), baselines.machine(), baselines.speeds(), baselines.force())
        .thenApply(NodeRoutes::outcome);
  }

  private CompletionStage<HttpResponse> model(Exchange exchange, String model, ModelAction action) {
    return desk.model(nodeId(exchange), modelId(model), action).thenApply(NodeRoutes::outcome);
  }

  /** Refused orders are a conflict with the node's state, told with its own words. */
  private static HttpResponse outcome(Optional<ActionResult> result) {
    if (result.isEmpty()) {
      return Responses.error(unknownNode());
    }
    var known = result.get();
    return known.accepted()
        ? Responses.json(known.begun() ? 202 : 200, ApiJson.write(known))
        : Responses.error(ApiError.client(409, "refused_by_node", known.message()));
  }

  private static String named(ObjectNode body) {
    var model = body.get("model");
    if (model == null || !model.isTextual()) {
      throw new ApiException(
          ApiError.invalid(
              "model", "missing_required_parameter", "model is required: the id of a model"));
    }
    return model.textValue();
  }

  private static NodeId nodeId(Exchange exchange) {
    return nodeId(exchange.parameter("name"));
  }

  /** The node that is called so. */
  static NodeId nodeId(String name) {
    try {
      return NodeId.of(name);
    } catch (IllegalArgumentException e) {
      throw new ApiException(unknownNode());
    }
  }

  private static ModelId modelId(String text) {
    try {
      return ModelId.of(text);
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid("model", "must be the id of a model");
    }
  }

  static ApiError unknownNode() {
    return ApiError.client(404, "node_not_found", "no such node; see /api/nodes or ./broke nodes");
  }
}
