package org.brokecluster.coordinator.http.route;

import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import akka.stream.Materializer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.brokecluster.coordinator.http.ClusterDesk;
import org.brokecluster.coordinator.http.ConnectionWatch;
import org.brokecluster.coordinator.http.ContractHeaders;
import org.brokecluster.coordinator.http.GenerationDesk;
import org.brokecluster.coordinator.http.ReattachDesk;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.error.ErrorStatus;
import org.brokecluster.coordinator.http.server.HttpSettings;
import org.brokecluster.coordinator.http.server.RequestHandler;
import org.brokecluster.protocol.id.RequestId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every path of the edge. Gives each request its id, lets nobody in who may not, finds what
 * answers, and turns whatever goes wrong into an error of OpenAI's shape.
 */
public final class EdgeRoutes implements RequestHandler {
  private static final Logger LOG = LoggerFactory.getLogger(EdgeRoutes.class);
  private static final String UNKNOWN = "unknown";
  private static final int SHOWN_MAX = 200;
  private static final String OF_OPENAI =
      "/v1/chat/completions, /v1/completions and /v1/models; everything is in docs/api.md";

  private final RequestIds ids;
  private final RouteTable table = new RouteTable();
  private final AccessRules access;
  private final Bodies bodies;
  private final RequestMeter meter;

  /**
   * What the routes need.
   *
   * @param ids makes the ids of requests
   * @param node name of this host
   * @param version version of this build
   * @param startedSeconds when this edge started, in seconds since 1970
   */
  public record Context(
      HttpSettings settings,
      Materializer materializer,
      PrometheusMeterRegistry metrics,
      GenerationDesk generation,
      ClusterDesk cluster,
      ReattachDesk reattach,
      RequestIds ids,
      String node,
      String version,
      long startedSeconds) {}

  /** The routes of an edge. */
  public EdgeRoutes(Context context) {
    ids = context.ids();
    access = new AccessRules(context.settings());
    long heap = Runtime.getRuntime().maxMemory();
    bodies = new Bodies(context.settings(), context.materializer(), heap);
    meter = new RequestMeter(context.metrics());
    var reader = new CallReading(bodies, !access.keyed());
    var owners = new Owners(access.keyed());
    new GenerationRoutes(reader, context.generation(), owners).addTo(table);
    new ReattachRoutes(context.reattach(), owners).addTo(table);
    new ModelRoutes(context.cluster(), context.startedSeconds()).addTo(table);
    new HealthRoutes(context).addTo(table);
    new ClusterRoutes(context.cluster(), reader).addTo(table);
    new HistoryRoutes(context.cluster().history(), reader).addTo(table);
    var collect = context.cluster().collect();
    new FeedbackRoutes(context.cluster().history(), collect, reader).addTo(table);
    new CollectRoutes(collect, reader).addTo(table);
    new NodeRoutes(context.cluster(), reader).addTo(table);
    new PullRoutes(context.cluster(), reader, context.materializer()).addTo(table);
    new PageRoutes().addTo(table);
  }

  @Override
  public CompletionStage<HttpResponse> handle(HttpRequest request, ConnectionWatch watch) {
    var id = ids.next();
    var path = request.getUri().path();
    var match = table.find(path);
    var refusal = access.refusal(request, path);
    CompletionStage<HttpResponse> answer;
    if (refusal != null) {
      answer = refused(request, refusal);
    } else if (match == null) {
      answer = refused(request, unknownPath(request, path));
    } else {
      answer = dispatch(new Exchange(id, request, watch, match.parameters()), match.resource());
    }
    var route = match == null ? UNKNOWN : match.resource().path();
    return answer.handle((response, failure) -> finished(request, id, route, response, failure));
  }

  private CompletionStage<HttpResponse> dispatch(Exchange exchange, RouteTable.Resource resource) {
    var request = exchange.http();
    var method = request.method().value();
    var endpoint = resource.endpoint(method);
    if (endpoint == null) {
      return bodies.drop(request).thenApply(done -> withoutEndpoint(method, resource.allow()));
    }
    if (reads(method) || request.entity() instanceof HttpEntity.Strict) {
      return guarded(endpoint, exchange);
    }
    return bodies.drop(request).thenCompose(done -> guarded(endpoint, exchange));
  }

  private static CompletionStage<HttpResponse> guarded(Endpoint endpoint, Exchange exchange) {
    try {
      return endpoint.answer(exchange);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static HttpResponse withoutEndpoint(String method, String allow) {
    if (method.equals("OPTIONS")) {
      return Preflight.response(allow);
    }
    var error =
        ApiError.client(
            405,
            "method_not_allowed",
            "%s is not allowed here; allowed: %s".formatted(method, allow));
    return Responses.error(error).addHeader(RawHeader.create("Allow", allow));
  }

  /** Whether the endpoints of a method read the body; all of them do. */
  private static boolean reads(String method) {
    return method.equals("POST") || method.equals("PUT");
  }

  private CompletionStage<HttpResponse> refused(HttpRequest request, ApiError error) {
    return bodies.drop(request).thenApply(done -> Responses.error(error));
  }

  private HttpResponse finished(
      HttpRequest request,
      RequestId id,
      String route,
      @Nullable HttpResponse response,
      @Nullable Throwable failure) {
    var result = failure == null && response != null ? response : failed(id.value(), failure);
    meter.count(route, result.status().intValue());
    if (result.getHeader(ContractHeaders.REQUEST_ID).isEmpty()) {
      result = result.addHeader(ContractHeaders.requestId(id));
    }
    var origin = request.getHeader("Origin");
    if (origin.isPresent() && access.crossOriginAllowed(origin.get().value())) {
      result = Preflight.allow(result, origin.get().value());
    }
    return result;
  }

  private static HttpResponse failed(String id, @Nullable Throwable failure) {
    var cause = failure == null ? new IllegalStateException("no response") : failure;
    var error = ErrorStatus.of(cause, id);
    if (ErrorStatus.unexpected(error)) {
      LOG.error("request {} failed", id, cause);
    }
    return Responses.error(error);
  }

  /** Every path that is answered, with its placeholders, sorted. */
  public List<String> paths() {
    return table.paths();
  }

  private ApiError unknownPath(HttpRequest request, String path) {
    var shown = path.length() <= SHOWN_MAX ? path : path.substring(0, SHOWN_MAX) + "...";
    var meant = table.meant(path);
    return ApiError.client(
        404,
        "unknown_url",
        "unknown request URL: %s %s; %s"
            .formatted(
                request.method().value(),
                shown,
                meant == null
                    ? "of OpenAI's API there are " + OF_OPENAI
                    : "did you mean " + meant + "?"));
  }
}
