package org.brokecluster.node.runtime.http;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.regex.Pattern;
import org.brokecluster.node.runtime.http.ResponseHandler.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Plain HTTP over non-blocking sockets: one thread for all connections, which are kept for a few
 * seconds. It exists for its cost; see the package.
 */
final class PlainHttpClient implements HttpClient {
  /** Below what servers keep a connection for (5 s), so that none is used while being closed. */
  private static final Duration IDLE = Duration.ofSeconds(3);

  private static final Pattern LITERAL = Pattern.compile("[0-9.]+|\\[.*]|localhost");
  private static final int HTTP_PORT = 80;

  private final URI server;
  private final long connectTimeoutNanos;
  private final int maxConnections;
  private final HttpLoop loop;
  private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();

  PlainHttpClient(URI server, Duration connectTimeout, int maxConnections, String name) {
    this.server = server;
    this.connectTimeoutNanos = connectTimeout.toNanos();
    this.maxConnections = maxConnections;
    this.loop = new HttpLoop(name);
  }

  @Override
  public Exchange exchange(ResponseHandler handler) {
    return new PlainExchange(this, handler);
  }

  @Override
  public void close() {
    loop.execute(() -> loop.connections().forEach(Connection::close));
    loop.close();
  }

  void execute(Runnable task) {
    loop.execute(task);
  }

  long connectTimeoutNanos() {
    return connectTimeoutNanos;
  }

  long idleNanos() {
    return IDLE.toNanos();
  }

  void send(PlainExchange exchange, byte[] bytes) {
    var found = claim();
    if (found != null) {
      found.send(exchange, bytes);
    } else if (LITERAL.matcher(server.getHost()).matches()) {
      loop.execute(() -> connect(exchange, bytes));
    } else {
      // Names are looked up elsewhere: that may take long, and the loop must not wait.
      var unused =
          CompletableFuture.runAsync(this::address)
              .whenComplete((done, error) -> loop.execute(() -> connect(exchange, bytes)));
    }
  }

  /** A connection is free for the next request. */
  void idle(Connection connection) {
    idle.addFirst(connection);
  }

  /** A connection is closed. */
  void gone(Connection connection) {
    idle.remove(connection);
  }

  private @Nullable Connection claim() {
    long now = System.nanoTime();
    for (var next = idle.pollFirst(); next != null; next = idle.pollFirst()) {
      if (next.claim(now, IDLE.toNanos())) {
        return next;
      }
    }
    return null;
  }

  private void connect(PlainExchange exchange, byte[] request) {
    if (exchange.cancelled()) {
      return;
    }
    if (loop.connections().size() >= maxConnections) {
      exchange
          .handler()
          .onError(Problem.UNREACHED, "all " + maxConnections + " connections are in use");
      return;
    }
    Connection.open(this, loop, address(), exchange, request);
  }

  private InetSocketAddress address() {
    int port = server.getPort() < 0 ? HTTP_PORT : server.getPort();
    return new InetSocketAddress(server.getHost(), port);
  }
}
