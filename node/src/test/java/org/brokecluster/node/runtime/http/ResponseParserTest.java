package org.brokecluster.node.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseParserTest {
  private final ResponseParser parser = new ResponseParser();
  private final RecordingHandler handler = new RecordingHandler();

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void understandsAnswersHoweverTheyAreCut(long seed) throws Exception {
    var random = new Random(seed);
    var wire = new StringBuilder("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX: a\r\n");
    var expected = new StringBuilder();
    wire.append("Transfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 30; i++) {
      var text = "t".repeat(1 + random.nextInt(40)) + i;
      expected.append(text);
      wire.append(Integer.toHexString(text.length()));
      wire.append(random.nextBoolean() ? ";ext=1\r\n" : "\r\n").append(text).append("\r\n");
    }
    wire.append("0\r\nTrailer: x\r\n\r\n");
    var bytes = wire.toString().getBytes(StandardCharsets.UTF_8);

    for (int from = 0; from < bytes.length; ) {
      int length = Math.min(bytes.length - from, 1 + random.nextInt(20));
      parser.feed(ByteBuffer.wrap(bytes, from, length), handler);
      from += length;
    }

    assertThat(parser.done()).isTrue();
    assertThat(parser.reusable()).isTrue();
    assertThat(handler.body()).isEqualTo(expected.toString());
    assertThat(handler.head().status()).isEqualTo(200);
    assertThat(handler.head().header("x")).contains("a");
  }

  @Test
  void endsABodyAtItsLengthAndLeavesTheRest() throws Exception {
    var bytes = bytes("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP");

    parser.feed(bytes, handler);

    assertThat(parser.done()).isTrue();
    assertThat(handler.body()).isEqualTo("abc");
    assertThat(bytes.remaining()).isEqualTo(4);
  }

  @Test
  void readsOneAnswerAfterAnother() throws Exception {
    feed("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");
    parser.reset();
    assertThat(parser.anyBytes()).isFalse();

    feed("HTTP/1.1 429 Too Many\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n");

    assertThat(parser.done()).isTrue();
    assertThat(handler.head().status()).isEqualTo(429);
    assertThat(handler.head().header("retry-after")).contains("2");
  }

  @Test
  void readsToTheCloseWhereNothingElseIsSaid() throws Exception {
    feed("HTTP/1.0 200 OK\nContent-type: text/event-stream\n\nabc");

    assertThat(parser.done()).isFalse();
    assertThat(parser.endsWithClose()).isTrue();
    assertThat(handler.body()).isEqualTo("abc");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"
      })
  void doesNotReuseAConnectionThatEnds(String answer) throws Exception {
    feed(answer);

    assertThat(parser.done()).isTrue();
    assertThat(parser.reusable()).isFalse();
  }

  @Test
  void expectsNoBodyWhereThereCannotBeOne() throws Exception {
    feed("HTTP/1.1 204 No Content\r\n\r\n");

    assertThat(parser.done()).isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_9\r\n",
        "HTTP/1.1 abc\r\n",
        "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n"
      })
  void refusesWhatIsNotHttp(String answer) {
    assertThatThrownBy(() -> feed(answer)).isInstanceOf(IOException.class);
  }

  @Test
  void refusesALineWithoutEnd() {
    assertThatThrownBy(() -> feed("HTTP/1.1 200 OK\r\nX: " + "y".repeat(100_000)))
        .hasMessageContaining("too long");
  }

  private void feed(String text) throws IOException {
    parser.feed(bytes(text), handler);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
