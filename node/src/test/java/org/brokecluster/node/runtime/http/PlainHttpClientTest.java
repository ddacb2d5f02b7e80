package org.brokecluster.node.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PlainHttpClientTest extends HttpClientContract {
  @Override
  HttpClient open(URI server) {
    return new PlainHttpClient(server, CONNECT, 3, "test-plain");
  }

  @Test
  void usesAConnectionAgain() throws Exception {
    serve((request, wire) -> wire.json(200, "{}"));

    for (int i = 0; i < 10; i++) {
      var handler = new RecordingHandler();
      post("{}", handler);
      assertThat(handler.awaitOver()).isEqualTo("end");
    }

    assertThat(server().requests()).hasSize(10);
    assertThat(server().connections()).isLessThanOrEqualTo(2);
  }

  @Test
  void doesNotUseAConnectionThatTheServerHasClosed() throws Exception {
    serve((request, wire) -> !wire.json(200, "{}"));

    for (int i = 0; i < 5; i++) {
      var handler = new RecordingHandler();
      post("{}", handler);
      assertThat(handler.awaitOver()).isEqualTo("end");
      await(() -> server().connections() == 0);
    }
  }

  @Test
  void refusesMoreConnectionsThanAllowed() throws Exception {
    var taken = new CountDownLatch(3);
    serve(
        (request, wire) -> {
          taken.countDown();
          return wire.untilGone();
        });
    for (int i = 0; i < 3; i++) {
      post("{}", new RecordingHandler());
    }
    assertThat(taken.await(60, TimeUnit.SECONDS)).isTrue();
    var handler = new RecordingHandler();

    post("{}", handler);

    assertThat(handler.awaitOver()).isEqualTo("UNREACHED");
  }

  @Test
  void tellsOfAServerThatSpeaksSomethingElse() throws Exception {
    serve(
        (request, wire) -> {
          wire.raw("SSH-2.0-OpenSSH_9.6\r\n");
          return false;
        });
    var handler = new RecordingHandler();

    post("{}", handler);

    assertThat(handler.awaitOver()).isEqualTo("MALFORMED");
  }

  @Test
  void closesAnAnswerThatGoesOnBehindItsEnd() throws Exception {
    serve(
        (request, wire) -> {
          wire.raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabcdef");
          return wire.untilGone();
        });
    var handler = new RecordingHandler();

    post("{}", handler);

    assertThat(handler.awaitOver()).isEqualTo("end");
    assertThat(handler.body()).isEqualTo("ab");
    assertThat(server().awaitClientGone()).isTrue();
  }

  @Test
  void survivesAHandlerThatBreaks() throws Exception {
    serve((request, wire) -> wire.json(200, "{}"));
    var broken =
        new ResponseHandler() {
          @Override
          public void onHead(ResponseHead head) {
            throw new IllegalStateException("broken on purpose");
          }

          @Override
          public void onBody(ByteBuffer bytes) {
            bytes.position(bytes.limit());
          }

          @Override
          public void onEnd() {}

          @Override
          public void onError(Problem problem, String message) {}

          @Override
          public boolean wantsMore() {
            return true;
          }

          @Override
          public void onResume() {}

          @Override
          public void onTick(long nanos) {}
        };
    client().exchange(broken).send(HttpRequest.get(URI.create(server().url() + "/"), Map.of()));
    var handler = new RecordingHandler();

    post("{}", handler);

    assertThat(handler.awaitOver()).isEqualTo("end");
  }
}
