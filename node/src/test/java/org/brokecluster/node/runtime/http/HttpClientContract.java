package org.brokecluster.node.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.brokecluster.node.Soon;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What both clients keep to. */
@Timeout(180)
abstract class HttpClientContract {
  static final Duration CONNECT = Duration.ofSeconds(20);

  private ScriptedServer server;
  private HttpClient client;

  /** A client for this server. */
  abstract HttpClient open(URI server);

  @AfterEach
  final void stop() throws IOException {
    if (client != null) {
      client.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  void sendsARequestAndHearsItsAnswer() throws Exception {
    serve(
        (request, wire) -> {
          wire.chunkedHead(201, "text/plain").chunk("ab").chunk("cd").lastChunk();
          return true;
        });
    var handler = new RecordingHandler();

    post("{}", handler);

    assertThat(handler.awaitOver()).isEqualTo("end");
    assertThat(handler.head().status()).isEqualTo(201);
    assertThat(handler.head().header("content-type")).contains("text/plain");
    assertThat(handler.body()).isEqualTo("abcd");
    var request = server.requests().get(0);
    assertThat(request.line()).isEqualTo("POST /v1/x?y=1 HTTP/1.1");
    assertThat(request.body()).isEqualTo("{}");
    assertThat(request.headers())
        .containsEntry("x-a", "b")
        .containsEntry("content-type", "application/json")
        .containsEntry("content-length", "2")
        .containsKey("host");
  }

  @Test
  void hearsAnAnswerThatEndsWithTheConnection() throws Exception {
    serve(
        (request, wire) -> {
          wire.closingHead(200, "text/plain").raw("abc");
          return false;
        });
    var handler = new RecordingHandler();

    post("{}", handler);

    assertThat(handler.awaitOver()).isEqualTo("end");
    assertThat(handler.body()).isEqualTo("abc");
  }

  @Test
  void readsNoFurtherThanItsHandlerWants() throws Exception {
    var piece = "x".repeat(100_000);
    var done = new CountDownLatch(1);
    serve(
        (request, wire) -> {
          wire.closingHead(200, "text/plain");
          for (int i = 0; i < 200; i++) {
            wire.raw(piece);
          }
          done.countDown();
          return false;
        });
    var handler = new RecordingHandler();
    handler.stepwise();

    var exchange = post("{}", handler);
    await(() -> handler.bodySize() > 0);
    for (int i = 0; i < 5; i++) {
      int before = handler.bodySize();
      exchange.resume();
      await(() -> handler.bodySize() > before);
    }

    assertThat(done.await(200, TimeUnit.MILLISECONDS)).isFalse();
    assertThat(handler.bodySize()).isLessThan(2_000_000);
    exchange.cancel();
  }

  @Test
  void sendsALargeBodyToAServerThatReadsSlowly() throws Exception {
    serve((request, wire) -> wire.json(200, "{'length':" + request.body().length() + "}"));
    var handler = new RecordingHandler();

    post("x".repeat(8_000_000), handler);

    assertThat(handler.awaitOver()).isEqualTo("end");
    assertThat(handler.body()).isEqualTo("{\"length\":8000000}");
  }

  @Test
  void closesTheConnectionWhenCancelled() throws Exception {
    serve(
        (request, wire) -> {
          wire.chunkedHead(200, "text/plain").chunk("ab");
          return wire.untilGone();
        });
    var handler = new RecordingHandler();
    var exchange = post("{}", handler);
    await(() -> handler.bodySize() == 2);

    exchange.cancel();
    exchange.cancel();

    assertThat(server.awaitClientGone()).isTrue();
    assertThat(handler.isOver()).isFalse();
  }

  @Test
  void closesTheConnectionWhenCancelledBeforeTheHead() throws Exception {
    var taken = new CountDownLatch(1);
    serve(
        (request, wire) -> {
          taken.countDown();
          return wire.untilGone();
        });
    var handler = new RecordingHandler();
    var exchange = post("{}", handler);
    assertThat(taken.await(60, TimeUnit.SECONDS)).isTrue();

    exchange.cancel();

    assertThat(server.awaitClientGone()).isTrue();
    assertThat(handler.isOver()).isFalse();
  }

  @Test
  void ticksWhileItWaits() throws Exception {
    serve((request, wire) -> wire.untilGone());
    var handler = new RecordingHandler();

    var exchange = post("{}", handler);

    await(() -> handler.ticks() >= 2);
    exchange.cancel();
  }

  @Test
  void tellsOfAConnectionThatClosesWithoutAByte() throws Exception {
    serve((request, wire) -> false);
    var handler = new RecordingHandler();

    post("{}", handler);

    assertThat(handler.awaitOver()).isEqualTo("CLOSED");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void tellsOfAnAnswerThatIsNotWhole() throws Exception {
    serve(
        (request, wire) -> {
          wire.chunkedHead(200, "text/plain").chunk("ab");
          return false;
        });
    var handler = new RecordingHandler();

    post("{}", handler);

    assertThat(handler.awaitOver()).isEqualTo("CLOSED");
    assertThat(handler.body()).isEqualTo("ab");
  }

  @Test
  void tellsOfAServerThatIsNotThere() throws Exception {
    // Bound and not listening: nobody else can take the port meanwhile.
    try (var silent = new Socket()) {
      silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      int port = silent.getLocalPort();
      client = open(URI.create("http://127.0.0.1:" + port));
      var handler = new RecordingHandler();

      send("http://127.0.0.1:" + port, "{}", handler);

      assertThat(handler.awaitOver()).isEqualTo("UNREACHED");
    }
  }

  @Test
  void looksUpNames() throws Exception {
    serve((request, wire) -> wire.json(200, "{}"));
    var handler = new RecordingHandler();
    var url = server.url().replace("127.0.0.1", "localhost");
    client.close();
    client = open(URI.create(url));

    send(url, "{}", handler);

    assertThat(handler.awaitOver()).isEqualTo("end");
  }

  final ScriptedServer server() {
    return server;
  }

  final HttpClient client() {
    return client;
  }

  final void serve(ScriptedServer.Script script) throws IOException {
    server = new ScriptedServer(script);
    client = open(URI.create(server.url()));
  }

  final Exchange post(String body, RecordingHandler handler) {
    return send(server.url(), body, handler);
  }

  final Exchange send(String url, String body, RecordingHandler handler) {
    var exchange = client.exchange(handler);
    exchange.send(
        HttpRequest.postJson(
            URI.create(url + "/v1/x?y=1"),
            Map.of("X-A", "b"),
            body.getBytes(StandardCharsets.UTF_8)));
    return exchange;
  }

  static void await(BooleanSupplier condition) {
    Soon.await("it becomes true", condition::getAsBoolean);
  }
}
