package org.brokecluster.node.runtime.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.brokecluster.node.runtime.openai.Servers.content;
import static org.brokecluster.node.runtime.openai.Servers.finish;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.node.FinishReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server does wrong, and what becomes of the answer. */
class BrokenServerTest extends OpenAiRuntimeCase {
  @Test
  void closesAConnectionThatStaysOpenBehindTheEnd() throws Exception {
    attachHasty(
        (request, wire) -> {
          wire.chunkedHead(200, SSE).event(content("Hi")).event(finish("stop"));
          wire.chunk("data: [DONE]\n\n");
          return wire.untilGone();
        });

    ask();

    assertThat(server.awaitClientGone()).isTrue();
  }

  @Test
  void findsAStreamWithoutAFinishReasonCut() throws Exception {
    attach(
        (request, wire) -> {
          wire.closingHead(200, SSE);
          line(wire, content("Hi"));
          return false;
        });

    var listener = ask();

    assertThat(listener.content()).isEqualTo("Hi");
    assertThat(listener.failure().kind()).isEqualTo(Kind.STREAM_CUT);
  }

  @Test
  void findsAChunkedStreamThatBreaksOffCut() throws Exception {
    attach(
        (request, wire) -> {
          wire.chunkedHead(200, SSE).event(content("Hi"));
          return false;
        });

    var listener = ask();

    assertThat(listener.content()).isEqualTo("Hi");
    assertThat(listener.failure().kind()).isEqualTo(Kind.STREAM_CUT);
  }

  @Test
  void isContentWithAFinishReasonWhenTheStreamBreaksBehindIt() throws Exception {
    attach(
        (request, wire) -> {
          wire.chunkedHead(200, SSE).event(content("Hi")).event(finish("stop"));
          return false;
        });

    assertThat(ask().reason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void findsASilentCloseUnreachable() throws Exception {
    attach((request, wire) -> false);

    assertThat(ask().failure().kind()).isEqualTo(Kind.RUNTIME_UNREACHABLE);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void findsAResetUnreachableAndDoesNotTryAgain() throws Exception {
    attach((request, wire) -> wire.reset());

    assertThat(ask().failure().kind()).isEqualTo(Kind.RUNTIME_UNREACHABLE);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void findsAServerThatIsNotThereUnreachable() throws Exception {
    // Bound and not listening: nobody else can take the port meanwhile.
    try (var silent = new Socket()) {
      silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      runtime = Servers.attach("http://127.0.0.1:" + silent.getLocalPort());

      assertThat(ask().failure().code()).isEqualTo("connection_refused");
      assertThatThrownBy(() -> runtime.models().toCompletableFuture().get(60, TimeUnit.SECONDS))
          .isNotNull();
    }
  }

  @Test
  void leavesOutAnEventThatIsBroken() throws Exception {
    attach(
        (request, wire) -> {
          wire.chunkedHead(200, SSE).event(content("a"));
          wire.chunk("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"b\n\n");
          wire.event(content("c")).event(finish("stop"));
          wire.chunk("data: [DONE]\n\n").lastChunk();
          return true;
        });

    var listener = ask();

    assertThat(listener.content()).isEqualTo("ac");
    assertThat(listener.reason()).isEqualTo(FinishReason.STOP);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "data: {'error':{'message':'out of memory'}},RUNTIME_ERROR,out of memory",
    "data: {'error':'lost'},RUNTIME_ERROR,lost",
    "error: {'message':'old way'},RUNTIME_ERROR,old way",
    "data: {'error':{'code':'context_length_exceeded'}},CONTEXT_LENGTH,broke off",
    "data: {'choices':[{'index':0'delta':{}'finish_reason':'error'}]},RUNTIME_ERROR,error"
  })
  void findsAnErrorWithinTheStream(String line, Kind kind, String message) throws Exception {
    attach(
        (request, wire) -> {
          wire.chunkedHead(200, SSE).event(content("Hi"));
          wire.chunk(
              line.replace("'delta'", ",'delta'").replace("'fin", ",'fin").replace('\'', '"'));
          wire.chunk("\n\ndata: [DONE]\n\n").lastChunk();
          return true;
        });

    var listener = ask();

    assertThat(listener.content()).isEqualTo("Hi");
    assertThat(listener.failure().kind()).isEqualTo(kind);
    assertThat(listener.failure().message()).contains(message);
  }

  @Test
  void passesAnErrorStatusOn() throws Exception {
    attach(
        (request, wire) -> wire.json(429, "{'error':{'message':'slow down'}}", "Retry-After: 2"));

    var failure = ask().failure();

    assertThat(failure.kind()).isEqualTo(Kind.RATE_LIMITED);
    assertThat(failure.retryAfterMs()).isEqualTo(2000);
    assertThat(failure.status()).isEqualTo(429);
  }

  @Test
  void understandsAnErrorThatIsNoJsonAndEndsWithTheConnection() throws Exception {
    attach(
        (request, wire) -> {
          wire.closingHead(404, "application/json");
          wire.raw("{\"error\": \"Cannot find a cached snapshot on the local disk\"}");
          return false;
        });

    assertThat(ask().failure().kind()).isEqualTo(Kind.RUNTIME_ERROR);
  }

  @Test
  void breaksAnEventThatIsTooLong() throws Exception {
    attach(
        (request, wire) -> {
          wire.chunkedHead(200, SSE);
          var piece = "x".repeat(1 << 16);
          wire.chunk("data: {\"x\":\"");
          for (int i = 0; i < 40; i++) {
            wire.chunk(piece);
          }
          return wire.untilGone();
        });

    assertThat(ask().failure().code()).isEqualTo("event_too_large");
  }
}
