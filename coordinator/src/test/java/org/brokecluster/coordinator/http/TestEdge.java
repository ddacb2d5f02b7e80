package org.brokecluster.coordinator.http;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.http.javadsl.model.HttpResponse;
import akka.stream.SystemMaterializer;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import org.brokecluster.coordinator.http.openai.ChatCall;
import org.brokecluster.coordinator.http.route.EdgeRoutes;
import org.brokecluster.coordinator.http.route.RequestIds;
import org.brokecluster.coordinator.http.server.HttpServer;
import org.brokecluster.coordinator.http.server.HttpSettings;
import org.brokecluster.shared.host.StartException;

/** A whole edge on a free port of loopback, with desks that do as the test says. */
public final class TestEdge implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final ActorTestKit kit = ActorTestKit.create("edge", ConfigFactory.load());
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final List<ChatCall> calls = new CopyOnWriteArrayList<>();
  private final List<Runnable> ends = new CopyOnWriteArrayList<>();
  private final FakeClusterDesk cluster = new FakeClusterDesk();
  private final HttpServer.Bound bound;
  private final EdgeRoutes routes;
  private volatile ReattachDesk reattach =
      (id, after, owner, watch) ->
          CompletableFuture.completedFuture(HttpResponse.create().withEntity(owner));
  private volatile BiFunction<ChatCall, ConnectionWatch, CompletionStage<HttpResponse>> desk =
      (call, watch) -> CompletableFuture.completedFuture(HttpResponse.create().withEntity("ok"));

  private TestEdge(HttpSettings settings) throws StartException {
    routes =
        new EdgeRoutes(
            new EdgeRoutes.Context(
                settings,
                SystemMaterializer.get(kit.system()).materializer(),
                metrics,
                this::open,
                cluster,
                (id, after, owner, watch) -> reattach.reattach(id, after, owner, watch),
                new RequestIds(),
                "studio",
                "1.2.3",
                1_700_000_000));
    bound = HttpServer.start(settings, kit.system(), metrics, routes);
  }

  /** An edge with these lines of {@code broke.http}. */
  public static TestEdge start(String... lines) {
    try {
      return new TestEdge(settings(lines));
    } catch (StartException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Settings with these lines of {@code broke.http}, on a free port. */
  public static HttpSettings settings(String... lines) {
    Config own =
        ConfigFactory.parseString("broke.http {\nport = 0\n" + String.join("\n", lines) + "\n}");
    return HttpSettings.of(own.withFallback(ConfigFactory.load()));
  }

  private CompletionStage<HttpResponse> open(ChatCall call, ConnectionWatch watch, Runnable over) {
    calls.add(call);
    ends.add(over);
    return desk.apply(call, watch);
  }

  /** Answers clients that come back in this way from now on. */
  public void reattaching(ReattachDesk answer) {
    reattach = answer;
  }

  /** Answers calls in this way from now on. */
  public void answering(
      BiFunction<ChatCall, ConnectionWatch, CompletionStage<HttpResponse>> answer) {
    desk = answer;
  }

  /** Every path it answers. */
  public List<String> paths() {
    return routes.paths();
  }

  public FakeClusterDesk cluster() {
    return cluster;
  }

  public List<ChatCall> calls() {
    return calls;
  }

  /** Says that none of the calls needs its body any more. */
  public void endCalls() {
    ends.forEach(Runnable::run);
  }

  public ActorTestKit kit() {
    return kit;
  }

  public PrometheusMeterRegistry metrics() {
    return metrics;
  }

  public HttpServer.Bound bound() {
    return bound;
  }

  public int port() {
    return bound.address().getPort();
  }

  /** A raw connection. */
  public RawClient connect() throws IOException {
    return new RawClient(port());
  }

  /** Sends a request with an ordinary client; headers are name, value, name, value. */
  public java.net.http.HttpResponse<String> send(
      String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    var builder =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .timeout(LIMIT)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      builder.headers(headers);
    }
    return HttpClient.newHttpClient().send(builder.build(), BodyHandlers.ofString());
  }

  /** Sends a GET. */
  public java.net.http.HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    return send("GET", path, "", headers);
  }

  @Override
  public void close() {
    kit.shutdownTestKit();
  }
}
