package org.brokecluster.coordinator.cli.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.brokecluster.shared.cli.VerbException;
import picocli.CommandLine;

/** An edge that says what the test tells it to, and the verb that talks to it. */
public final class FakeEdge implements AutoCloseable {
  /** What the edge was asked, as {@code METHOD path body}. */
  public final List<String> asked = Collections.synchronizedList(new ArrayList<>());

  /** Headers of all calls, by name. */
  public final Map<String, String> headersSeen = Collections.synchronizedMap(new HashMap<>());

  private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final HttpServer server;

  private record Answer(int status, String body, Map<String, String> headers) {}

  /** On a free port of this machine. */
  public FakeEdge() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.setExecutor(
        Executors.newCachedThreadPool(
            task -> {
              var thread = new Thread(task, "fake-edge");
              thread.setDaemon(true);
              return thread;
            }));
    server.start();
  }

  /** Answers a path with this body. */
  public FakeEdge says(String path, String body) {
    return says(path, 200, body, Map.of());
  }

  public FakeEdge says(String path, int status, String body, Map<String, String> headers) {
    answers.put(path, new ArrayDeque<>(List.of(new Answer(status, body, headers))));
    return this;
  }

  /** Answers a path with this body after what it answers already; the last one for ever. */
  public FakeEdge thenSays(String path, int status, String body) {
    answers.get(path).add(new Answer(status, body, Map.of()));
    return this;
  }

  private synchronized Answer next(String path) {
    var queue = answers.get(path);
    if (queue == null) {
      return new Answer(404, "", Map.of());
    }
    return queue.size() > 1 ? queue.remove() : queue.element();
  }

  /** Runs a verb against this edge and returns its exit code. */
  public int run(Callable<Integer> verb, String... args) {
    var all = new ArrayList<>(List.of("--url", url()));
    all.addAll(List.of(args));
    return new CommandLine(verb)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .setExecutionExceptionHandler(
            (e, command, result) -> {
              if (e instanceof VerbException failure) {
                command.getErr().println(failure.getMessage());
                return failure.exitCode();
              }
              throw e;
            })
        .execute(all.toArray(String[]::new));
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  public String out() {
    return out.toString();
  }

  public String err() {
    return err.toString();
  }

  private void answer(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    var path = exchange.getRequestURI().toString();
    asked.add((exchange.getRequestMethod() + " " + path + " " + body).strip());
    exchange.getRequestHeaders().forEach((name, values) -> headersSeen.put(name, values.get(0)));
    var answer = next(path);
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
