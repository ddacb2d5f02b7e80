package org.brokecluster.coordinator.http.server;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.http.javadsl.Http;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.io.Inet;
import akka.stream.Materializer;
import akka.stream.SystemMaterializer;
import akka.stream.TLSProtocol.SslTlsInbound;
import akka.stream.TLSProtocol.SslTlsOutbound;
import akka.stream.javadsl.BidiFlow;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.javadsl.TLSPlacebo;
import akka.stream.javadsl.Tcp;
import akka.util.ByteString;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokecluster.shared.host.HostAddress;
import org.brokecluster.shared.host.LanRule;
import org.brokecluster.shared.host.StartException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listening socket and its connections. Built from TCP and the HTTP layer by hand, because only
 * so can a client's hang-up be seen while its request is being worked on.
 */
public final class HttpServer {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

  /** Connections beyond the limit that are told so at once; further ones are closed silently. */
  private static final int TURNED_AWAY_MAX = 256;

  private static final Duration TURN_AWAY = Duration.ofSeconds(1);
  private static final Duration STOP_TICK = Duration.ofMillis(50);

  private final HttpSettings settings;
  private final ActorSystem<?> system;
  private final Materializer materializer;
  private final RequestHandler handler;
  private final BidiFlow<HttpResponse, SslTlsOutbound, SslTlsInbound, HttpRequest, NotUsed> http;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger turnedAway = new AtomicInteger();
  private final Counter refused;

  private final int most;
  private final int turnedAwayMost;

  private HttpServer(
      HttpSettings settings, ActorSystem<?> system, MeterRegistry metrics, RequestHandler handler) {
    this.settings = settings;
    this.system = system;
    this.handler = handler;
    var room = FileLimit.ofThisProcess();
    most = room.connections(settings.maxConnections());
    turnedAwayMost = Math.max(1, room.connections(4 * TURNED_AWAY_MAX) / 4);
    if (most < settings.maxConnections()) {
      LOG.warn("at most {} connections are served at once: {}", most, room);
    }
    materializer = SystemMaterializer.get(system).materializer();
    http = Http.get(system).serverLayer(AkkaServerSettings.of(settings, system));
    refused =
        Counter.builder("broke.http.connections.refused")
            .description("connections closed because too many were open")
            .register(metrics);
    Gauge.builder("broke.http.connections", open, AtomicInteger::get)
        .description("connections open")
        .register(metrics);
  }

  /** A server that listens. */
  public static final class Bound {
    private final HttpServer server;
    private final Listeners listeners;

    private Bound(HttpServer server, Listeners listeners) {
      this.server = server;
      this.listeners = listeners;
    }

    /** Where programs on this machine reach it, with the real port. */
    public InetSocketAddress address() {
      return listeners.addresses().get(0);
    }

    /** Where other machines reach it, if they can; otherwise the same as {@link #address}. */
    public InetSocketAddress reachable() {
      return listeners.addresses().get(listeners.addresses().size() - 1);
    }

    /** Connections open now. */
    public int connections() {
      return server.open.get();
    }

    /**
     * Stops listening, lets requests that are being worked on end for at most {@code grace}, then
     * closes every connection.
     */
    public CompletionStage<Void> stop(Duration grace) {
      return listeners
          .close()
          .thenCompose(ignored -> server.quiet(System.nanoTime() + grace.toNanos()))
          .thenAccept(ignored -> server.connections.forEach(Connection::close));
    }
  }

  /**
   * Begins to listen, on every address of {@link HostAddress#listening}. Blocks until the ports are
   * bound.
   *
   * @throws StartException if the port is taken on any of them, an address does not exist, or it
   *     would be open to the network without protection
   */
  public static Bound start(
      HttpSettings settings, ActorSystem<?> system, MeterRegistry metrics, RequestHandler handler)
      throws StartException {
    var refusal =
        LanRule.refusal(
            List.of(settings.bind()), settings.insecureLan(), !settings.apiKeys().isEmpty());
    if (refusal.isPresent()) {
      throw new StartException(refusal.get());
    }
    var server = new HttpServer(settings, system, metrics, handler);
    var addresses = HostAddress.listening(settings.bind());
    return new Bound(server, Listeners.open(addresses, settings.port(), server::bind));
  }

  private CompletionStage<Tcp.ServerBinding> bind(String address, int port) {
    return Tcp.get(system)
        .bind(
            address,
            port,
            settings.backlog(),
            List.<Inet.SocketOption>of(),
            true,
            Optional.<Duration>empty())
        .toMat(Sink.foreach(this::accept), Keep.left())
        .run(materializer);
  }

  private void accept(Tcp.IncomingConnection incoming) {
    if (open.incrementAndGet() > most) {
      open.decrementAndGet();
      refused.increment();
      turnAway(incoming);
      return;
    }
    var connection = new Connection();
    connections.add(connection);
    incoming
        .flow()
        .watchTermination((mat, done) -> done)
        .joinMat(flow(connection), Keep.left())
        .run(materializer)
        .whenComplete(
            (done, failure) -> {
              connections.remove(connection);
              open.decrementAndGet();
            });
  }

  private Flow<ByteString, ByteString, NotUsed> flow(Connection connection) {
    var requests = Flow.<HttpRequest>create().mapAsync(1, request -> answer(request, connection));
    return BidiFlow.fromGraph(new ConnectionGuard(connection, settings))
        .atop(plainText().reversed())
        .atop(http.reversed())
        .join(requests);
  }

  /**
   * What stands where TLS would; its output is declared more narrowly than the HTTP layer's input.
   */
  @SuppressWarnings("unchecked")
  private static BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed>
      plainText() {
    return (BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed>)
        (BidiFlow<?, ?, ?, ?, ?>) TLSPlacebo.getInstance();
  }

  private CompletionStage<HttpResponse> answer(HttpRequest request, Connection connection) {
    connection.requestBegins();
    try {
      var response = handler.handle(request, connection);
      return response.whenComplete((done, failure) -> connection.requestEnds());
    } catch (RuntimeException e) {
      connection.requestEnds();
      throw e;
    }
  }

  /** Says why, reads what the client still sends for a moment, and closes. */
  private void turnAway(Tcp.IncomingConnection incoming) {
    if (turnedAway.incrementAndGet() > turnedAwayMost) {
      turnedAway.decrementAndGet();
      incoming.handleWith(
          Flow.fromSinkAndSourceCoupled(Sink.cancelled(), Source.empty()), materializer);
      return;
    }
    incoming
        .flow()
        .takeWithin(TURN_AWAY)
        .watchTermination((mat, done) -> done)
        .join(
            Flow.fromSinkAndSource(Sink.ignore(), Source.single(RawResponses.TOO_MANY_CONNECTIONS)))
        .run(materializer)
        .whenComplete((done, failure) -> turnedAway.decrementAndGet());
  }

  /** Completes when no request is being worked on, or the time has come. */
  private CompletionStage<Void> quiet(long deadline) {
    var done = new CompletableFuture<Void>();
    awaitQuiet(deadline, done);
    return done;
  }

  private void awaitQuiet(long deadline, CompletableFuture<Void> done) {
    if (connections.stream().noneMatch(Connection::busy) || System.nanoTime() >= deadline) {
      done.complete(null);
      return;
    }
    system
        .scheduler()
        .scheduleOnce(STOP_TICK, () -> awaitQuiet(deadline, done), system.executionContext());
  }
}
