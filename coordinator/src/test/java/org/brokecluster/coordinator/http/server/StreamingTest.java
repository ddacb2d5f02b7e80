package org.brokecluster.coordinator.http.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.brokecluster.coordinator.http.ClientStream;
import org.brokecluster.coordinator.http.ClientStream.Offer;
import org.brokecluster.coordinator.http.TestEdge;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams over real sockets. */
class StreamingTest {
  private static final TestEdge EDGE = TestEdge.start("idle-timeout = 30s");
  private static final String CHAT = "/v1/chat/completions";
  private static final String BODY =
      "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final CountDownLatch gone = new CountDownLatch(1);
  private final ClientStream stream =
      new ClientStream(
          64 * 1024,
          Duration.ofMillis(100),
          new ClientStream.Listener() {
            @Override
            public void onDrained(int bytes, long total) {}

            @Override
            public void onCancelled() {
              cancelled.countDown();
            }
          });

  @BeforeEach
  void answerWithTheStream() {
    EDGE.answering(
        (call, watch) -> {
          watch.onGone(gone::countDown);
          var type = ContentTypes.parse("text/event-stream");
          return CompletableFuture.completedFuture(
              HttpResponse.create().withEntity(HttpEntities.createChunked(type, stream.source())));
        });
  }

  @AfterAll
  static void stop() {
    EDGE.close();
  }

  private Offer offer(String text) {
    return stream.offer(text.getBytes(US_ASCII), text.length());
  }

  @Test
  void sendsTokensAsTheyComeAndEndsInOrder() throws Exception {
    try (var client = EDGE.connect()) {
      client.post(CHAT, BODY);

      offer("data: one\n\n");
      assertThat(client.readUntil("data: one"))
          .startsWith("HTTP/1.1 200")
          .contains("Content-Type: text/event-stream")
          .contains("Transfer-Encoding: chunked");
      offer("data: two\n\n");
      client.readUntil("data: two");
      stream.complete();
      client.readUntil("0\r\n\r\n");
    }
  }

  @Test
  void sendsHeadersAndCommentsBeforeTheFirstToken() throws Exception {
    stream.comment("waiting, place 3");
    try (var client = EDGE.connect()) {
      client.post(CHAT, BODY);

      assertThat(client.readUntil(": waiting, place 3\n\n")).contains("200 OK");
      client.readUntil(": waiting, place 3\n\n");
    }
  }

  @Test
  void cancelsTheStreamOfAClientThatHangsUpInSilence() throws Exception {
    try (var client = EDGE.connect()) {
      client.post(CHAT, BODY).readUntil("\r\n\r\n");
    }

    assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(cancelled.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void cancelsTheStreamOfAClientThatResets() throws Exception {
    try (var client = EDGE.connect()) {
      client.post(CHAT, BODY).readUntil("\r\n\r\n");
      client.reset();
    }

    assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(cancelled.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void holdsNoMoreThanItsBoundForAClientThatDoesNotRead() throws Exception {
    var megabyte = "x".repeat(32 * 1024);
    try (var client = EDGE.connect()) {
      client.post(CHAT, BODY).readUntil("\r\n\r\n");

      int taken = 0;
      while (offer(megabyte) == Offer.TAKEN && taken < 100_000) {
        taken++;
        if (taken % 16 == 0) {
          EDGE.kit().createTestProbe().expectNoMessage(Duration.ofMillis(5));
        }
      }

      assertThat(taken).isLessThan(100_000);
      assertThat(stream.waiting()).isLessThanOrEqualTo(64 * 1024);
      assertThat(gone.getCount()).isEqualTo(1);
    }
  }

  @Test
  void breaksTheConnectionOfABrokenAnswer() throws Exception {
    try (var client = EDGE.connect()) {
      client.post(CHAT, BODY);
      offer("data: half\n\n");
      client.readUntil("data: half");

      stream.fail();

      assertThatThrownBy(() -> client.readUntil("0\r\n\r\n")).isInstanceOf(IOException.class);
    }
  }
}
