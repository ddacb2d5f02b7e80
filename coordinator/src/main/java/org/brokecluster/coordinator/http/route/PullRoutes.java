package org.brokecluster.coordinator.http.route;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.stream.Materializer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.brokecluster.coordinator.http.ClusterDesk;
import org.brokecluster.coordinator.http.api.ApiJson;
import org.brokecluster.coordinator.http.api.NodeEntry;
import org.brokecluster.coordinator.http.api.PullEntry;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.error.ApiException;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.node.NodeProtocol.PullAction;
import org.brokecluster.protocol.node.NodeProtocol.PullPhase;
import org.brokecluster.protocol.node.NodeProtocol.PullStatus;

/** {@code /api/pull}: fetches a model to a node and tells how it goes, one JSON object a line. */
final class PullRoutes {
  private static final ContentType NDJSON = ContentTypes.parse("application/x-ndjson");
  private static final String PATH = "/api/pull";
  private static final int PATTERNS_MAX = 20;

  private final ClusterDesk desk;
  private final CallReading reading;
  private final Materializer materializer;

  PullRoutes(ClusterDesk desk, CallReading reading, Materializer materializer) {
    this.desk = desk;
    this.reading = reading;
    this.materializer = materializer;
  }

  void addTo(RouteTable table) {
    table.add("POST", PATH, exchange -> reading.object(exchange, this::pull));
    table.add("POST", PATH + "/stop", exchange -> reading.object(exchange, this::stop));
  }

  private CompletionStage<HttpResponse> pull(ObjectNode body) {
    var order = new Order(node(body), model(body), include(body));
    boolean stream = body.path("stream").asBoolean(true);
    return desk.pull(order.node(), order.model(), order.include(), PullAction.START)
        .thenApply(
            begun -> {
              var status = begun.orElseThrow(() -> new ApiException(NodeRoutes.unknownNode()));
              if (status.phase() == PullPhase.REFUSED) {
                throw new ApiException(ApiError.client(409, "refused_by_node", status.message()));
              }
              return stream ? told(order, status) : null;
            })
        .thenCompose(response -> response != null ? Responses.done(response) : whole(order));
  }

  private HttpResponse told(Order order, PullStatus begun) {
    var feed = new PullFeed(desk, order.node(), order.model(), materializer);
    return HttpResponse.create().withEntity(HttpEntities.createChunked(NDJSON, feed.lines(begun)));
  }

  private CompletionStage<HttpResponse> whole(Order order) {
    return new PullFeed(desk, order.node(), order.model(), materializer)
        .end()
        .thenApply(
            entry ->
                entry.error() == null
                    ? Responses.json(200, ApiJson.write(entry))
                    : Responses.error(ApiError.server(502, "pull_failed", entry.error())));
  }

  private CompletionStage<HttpResponse> stop(ObjectNode body) {
    return desk.pull(node(body), model(body), List.of(), PullAction.STOP)
        .thenApply(
            status ->
                status
                    .map(known -> Responses.json(200, ApiJson.write(PullEntry.of(known))))
                    .orElseGet(() -> Responses.error(NodeRoutes.unknownNode())));
  }

  private record Order(NodeId node, String model, List<String> include) {}

  /** As ours, or as Ollama's clients call it. */
  private static String model(ObjectNode body) {
    var model = body.hasNonNull("model") ? body.get("model") : body.path("name");
    if (!model.isTextual() || model.textValue().isBlank()) {
      throw new ApiException(
          ApiError.invalid(
              "model",
              "missing_required_parameter",
              "model is required, such as mlx-community/Qwen3-4B-4bit"));
    }
    return model.textValue();
  }

  private static List<String> include(ObjectNode body) {
    var patterns = new ArrayList<String>();
    for (var pattern : body.path("include")) {
      if (!pattern.isTextual() || patterns.size() >= PATTERNS_MAX) {
        throw ApiException.invalid("include", "must be a list of at most 20 patterns");
      }
      patterns.add(pattern.textValue());
    }
    return patterns;
  }

  /** The node that is named, else this machine's own, else the only one. */
  private NodeId node(ObjectNode body) {
    var named = body.path("node");
    if (named.isTextual()) {
      return NodeRoutes.nodeId(named.textValue());
    }
    var self = desk.status().node();
    var nodes =
        desk.nodes().stream()
            .filter(node -> node.roles().contains("node") && node.state().equals("up"))
            .map(NodeEntry::name)
            .toList();
    if (nodes.contains(self)) {
      return NodeId.of(self);
    }
    if (nodes.size() == 1) {
      return NodeId.of(nodes.get(0));
    }
    throw new ApiException(
        ApiError.invalid(
            "node",
            "missing_required_parameter",
            nodes.isEmpty()
                ? "no node is up that could fetch a model"
                : "say which node is to have it: " + String.join(", ", nodes)));
  }
}
