package org.brokecluster.coordinator.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.http.javadsl.model.HttpResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.brokecluster.coordinator.http.TestEdge;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Over real sockets: what clients do to connections, politely or not. */
class HttpServerTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String BODY = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final String GET_HEALTH = "GET /health HTTP/1.1\nHost: localhost\n\n";

  private TestEdge edge = TestEdge.start();

  @AfterEach
  void stop() {
    edge.close();
  }

  private void restart(String... lines) {
    edge.close();
    edge = TestEdge.start(lines);
  }

  /** Desk that never answers by itself, but does when the client is gone. */
  private CountDownLatch hangingDesk(CountDownLatch called) {
    var gone = new CountDownLatch(1);
    edge.answering(
        (call, watch) -> {
          var response = new CompletableFuture<HttpResponse>();
          watch.onGone(
              () -> {
                gone.countDown();
                response.complete(HttpResponse.create().withStatus(503));
              });
          called.countDown();
          return response;
        });
    return gone;
  }

  @Test
  void noticesACloseWhileARequestIsWorkedOn() throws Exception {
    var called = new CountDownLatch(1);
    var gone = hangingDesk(called);

    try (var client = edge.connect()) {
      client.post(CHAT, BODY);
      await(called);
    }

    assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();
    awaitNoConnections();
  }

  @Test
  void noticesAResetWhileARequestIsWorkedOn() throws Exception {
    var called = new CountDownLatch(1);
    var gone = hangingDesk(called);

    try (var client = edge.connect()) {
      client.post(CHAT, BODY);
      await(called);
      client.reset();
    }

    assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();
    awaitNoConnections();
  }

  @Test
  void noticesACloseOfAConnectionThatWasToBeClosedAfterTheRequest() throws Exception {
    var called = new CountDownLatch(1);
    var gone = hangingDesk(called);

    try (var client = edge.connect()) {
      client.send("POST " + CHAT + " HTTP/1.1\nHost: localhost\nConnection: close\n");
      client.send("Content-Length: " + BODY.length() + "\n\n").send(BODY);
      await(called);
    }

    assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();
    awaitNoConnections();
  }

  @Test
  void noticesACloseBehindAPipelinedRequest() throws Exception {
    var called = new CountDownLatch(1);
    var gone = hangingDesk(called);

    try (var client = edge.connect()) {
      client.post(CHAT, BODY);
      await(called);
      client.send(GET_HEALTH);
    }

    assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();
    awaitNoConnections();
  }

  @Test
  void answersPipelinedRequestsOneAfterTheOther() throws Exception {
    try (var client = edge.connect()) {
      client.post(CHAT, BODY).send(GET_HEALTH);

      var first = client.readUntil("ok");
      var second = client.readUntil("\"service\":\"broke\"");

      assertThat(first).startsWith("HTTP/1.1 200");
      assertThat(second).contains("HTTP/1.1 200");
    }
  }

  @Test
  void servesAConnectionAgainAndAgain() throws Exception {
    try (var client = edge.connect()) {
      for (int i = 0; i < 50; i++) {
        client.send(GET_HEALTH);
        assertThat(client.readUntil("1.2.3\"}")).startsWith("HTTP/1.1 200");
      }
    }
  }

  @Test
  void stillAnswersAClientThatClosedItsSideOnly() throws Exception {
    try (var client = edge.connect()) {
      client.send(GET_HEALTH).halfClose();

      assertThat(client.readAll()).startsWith("HTTP/1.1 200").contains("\"status\":\"ok\"");
    }
  }

  @Test
  void answersHttp10WithoutAHost() throws Exception {
    try (var client = edge.connect()) {
      client.send("GET /health HTTP/1.0\n\n");

      assertThat(client.readAll()).contains("200").contains("\"service\":\"broke\"");
    }
  }

  @Test
  void forgetsARequestWhoseBodyNeverEnds() throws Exception {
    try (var client = edge.connect()) {
      client.send("POST " + CHAT + " HTTP/1.1\nHost: localhost\nContent-Length: 1000\n\n{\"mess");
    }

    awaitNoConnections();
    assertThat(edge.calls()).isEmpty();
  }

  @Test
  void refusesABodyWhoseLengthIsBeyondTheLimit() throws Exception {
    restart("max-body = 10KiB");
    try (var client = edge.connect()) {
      client.post(CHAT, "x".repeat(20_000));

      assertThat(client.readUntil("request_too_large")).startsWith("HTTP/1.1 413");
      client.send(GET_HEALTH);
      assertThat(client.readUntil("\"service\"")).contains("HTTP/1.1 200");
    }
  }

  @Test
  void refusesAChunkedBodyThatGrowsBeyondTheLimit() throws Exception {
    restart("max-body = 10KiB");
    try (var client = edge.connect()) {
      client.send("POST " + CHAT + " HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n\n");
      for (int i = 0; i < 11; i++) {
        client.send("400\n" + "x".repeat(1024) + "\n");
      }
      client.send("0\n\n");

      assertThat(client.readUntil("request_too_large")).startsWith("HTTP/1.1 413");
    }
  }

  @Test
  void takesAChunkedBody() throws Exception {
    try (var client = edge.connect()) {
      client.send("POST " + CHAT + " HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n\n");
      client.send(Integer.toHexString(10) + "\n" + BODY.substring(0, 10) + "\n");
      client.send(Integer.toHexString(BODY.length() - 10) + "\n" + BODY.substring(10) + "\n");
      client.send("0\n\n");

      assertThat(client.readUntil("ok")).startsWith("HTTP/1.1 200");
      assertThat(edge.calls().get(0).body()).asString().isEqualTo(BODY);
    }
  }

  @Test
  void doesNotAskForABodyItWillRefuse() throws Exception {
    try (var client = edge.connect()) {
      client.send("POST " + CHAT + " HTTP/1.1\nHost: localhost\nExpect: 100-continue\n");
      client.send("Content-Length: 99999999\n\n");

      assertThat(client.readUntil("request_too_large")).startsWith("HTTP/1.1 413");
    }
  }

  @Test
  void asksForABodyThatIsAnnounced() throws Exception {
    try (var client = edge.connect()) {
      client.send("POST " + CHAT + " HTTP/1.1\nHost: localhost\nExpect: 100-continue\n");
      client.send("Content-Length: " + BODY.length() + "\n\n");

      assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100");
      assertThat(client.send(BODY).readUntil("ok")).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void refusesBodiesThatTogetherTakeTooMuchMemory() throws Exception {
    restart("body-memory = 1MiB");
    try (var client = edge.connect()) {
      client.post(CHAT, "{\"messages\":\"" + "x".repeat(1 << 20) + "\"}");

      assertThat(client.readUntil("too_many_bodies")).startsWith("HTTP/1.1 503");
      client.post(CHAT, BODY);
      assertThat(client.readUntil("ok")).contains("HTTP/1.1 200");
    }
  }

  /** A stream has its headers long before its prompt may be forgotten. */
  @Test
  void countsTheBodiesOfCallsThatHaveTheirHeadersOnly() throws Exception {
    restart("body-memory = 1MiB");
    var large = BODY + " ".repeat(600 * 1024);
    try (var client = edge.connect()) {
      client.post(CHAT, large).readUntil("ok");

      client.post(CHAT, large);
      assertThat(client.readUntil("too_many_bodies")).startsWith("HTTP/1.1 503");
      edge.endCalls();
      client.post(CHAT, large);
      assertThat(client.readUntil("ok")).contains("HTTP/1.1 200");
    }
  }

  @Test
  void answersWhatIsNotHttpInTheShapeOfAllErrors() throws Exception {
    try (var client = edge.connect()) {
      client.send("GET /health HTTP/1.1\nHost: localhost\nbad header\n\n");

      assertThat(client.readAll())
          .startsWith("HTTP/1.1 400")
          .contains("{\"error\":{\"message\":")
          .contains("\"code\":\"malformed_request\"");
    }
  }

  @Test
  void closesAConnectionWhoseHeadersNeverEnd() throws Exception {
    restart("head-timeout = 200ms");
    try (var client = edge.connect()) {
      client.send("GET /health HTTP/1.1\nHost: localhost\n");

      assertThat(client.readAll()).startsWith("HTTP/1.1 408").contains("request_timeout");
    }
    awaitNoConnections();
  }

  @Test
  void givesUpOnABodyThatComesTooSlowly() throws Exception {
    restart("body-timeout = 200ms");
    try (var client = edge.connect()) {
      client.send("POST " + CHAT + " HTTP/1.1\nHost: localhost\nContent-Length: 100\n\n{");

      assertThat(client.readUntil("request_timeout")).startsWith("HTTP/1.1 408");
    }
  }

  @Test
  void closesAnIdleConnection() throws Exception {
    restart("idle-timeout = 1s");
    try (var client = edge.connect()) {
      client.send(GET_HEALTH);

      assertThat(client.readAll()).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void keepsAConnectionWhoseRequestIsWorkedOnHoweverLongItTakes() throws Exception {
    restart("idle-timeout = 1s", "head-timeout = 1s");
    var answer = new CompletableFuture<HttpResponse>();
    edge.answering((call, watch) -> answer);
    try (var client = edge.connect()) {
      client.post(CHAT, BODY);
      answer.completeOnTimeout(HttpResponse.create().withEntity("late"), 3, TimeUnit.SECONDS);

      assertThat(client.readUntil("late")).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void tellsConnectionsBeyondTheLimitWhyTheyAreClosed() throws Exception {
    restart("max-connections = 1");
    try (var first = edge.connect()) {
      first.send(GET_HEALTH).readUntil("ok");
      try (var second = edge.connect()) {
        assertThat(second.readAll())
            .startsWith("HTTP/1.1 503")
            .contains("Retry-After: 1")
            .contains("too_many_connections");
      }
    }
    assertThat(edge.metrics().scrape()).contains("broke_http_connections_refused_total 1.0");
    awaitNoConnections();
    try (var third = edge.connect()) {
      assertThat(third.send(GET_HEALTH).readUntil("ok")).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void stopsAfterTheRequestsThatAreWorkedOn() throws Exception {
    var answer = new CompletableFuture<HttpResponse>();
    var called = new CountDownLatch(1);
    edge.answering(
        (call, watch) -> {
          called.countDown();
          return answer;
        });
    try (var client = edge.connect()) {
      client.post(CHAT, BODY);
      await(called);

      var stopped = edge.bound().stop(Duration.ofSeconds(60)).toCompletableFuture();
      assertThat(stopped).isNotDone();
      answer.complete(HttpResponse.create().withEntity("last"));

      assertThat(client.readUntil("last")).startsWith("HTTP/1.1 200");
      assertThat(stopped.get(60, TimeUnit.SECONDS)).isNull();
    }
    assertThatThrownBy(edge::connect).isInstanceOf(IOException.class);
  }

  private void awaitNoConnections() {
    edge.kit()
        .createTestProbe()
        .awaitAssert(
            () -> {
              assertThat(edge.bound().connections()).isZero();
              return null;
            });
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
  }
}
