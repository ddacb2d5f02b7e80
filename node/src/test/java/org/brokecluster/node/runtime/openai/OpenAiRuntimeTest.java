package org.brokecluster.node.runtime.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.brokecluster.node.runtime.openai.Servers.content;
import static org.brokecluster.node.runtime.openai.Servers.delta;
import static org.brokecluster.node.runtime.openai.Servers.finish;
import static org.brokecluster.node.runtime.openai.Servers.usage;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.brokecluster.node.runtime.Prompt;
import org.brokecluster.node.runtime.Prompts;
import org.brokecluster.node.runtime.RecordingListener;
import org.brokecluster.node.runtime.http.ScriptedServer;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class OpenAiRuntimeTest {
  private static final String SSE = "text/event-stream";

  private ScriptedServer server;
  private OpenAiRuntime runtime;

  @AfterEach
  void stop() throws Exception {
    if (runtime != null) {
      runtime.close().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  void understandsAServerThatClosesBehindItsAnswer() throws Exception {
    attach(
        (request, wire) -> {
          wire.closingHead(200, SSE);
          wire.raw(": keepalive 1/4\n\n: keepalive 4/4\n\n");
          line(wire, delta("{'role':'assistant','reasoning':'Hm'}"));
          line(wire, delta("{'role':'assistant','content':'Hi'}"));
          line(wire, delta("{'role':'assistant','content':' there'}"));
          line(wire, finish("length"));
          line(
              wire,
              usage(18, 8, 17).replace("{'choices'", "{'object':'chat.completion','choices'"));
          wire.raw("data: [DONE]\n\n");
          return false;
        });

    var listener = ask();

    assertThat(listener.prefill()).contains(0.25, 1.0);
    assertThat(listener.text(TokenChunk.Kind.REASONING)).isEqualTo("Hm");
    assertThat(listener.content()).isEqualTo("Hi there");
    assertThat(listener.reason()).isEqualTo(FinishReason.LENGTH);
    assertThat(listener.usage()).isEqualTo(new Usage(18, 8, 17));
  }

  @Test
  void understandsAChunkedAnswerWithToolsInPieces() throws Exception {
    attach(
        (request, wire) -> {
          wire.chunkedHead(200, SSE);
          wire.event(delta("{'role':'assistant','content':null}"));
          wire.event(delta("{'reasoning_content':' thinking'}"));
          wire.event(
              delta(
                  "{'tool_calls':[{'index':0,'id':'abc','type':'function',"
                      + "'function':{'name':'f','arguments':'{'}}]}"));
          wire.event(delta("{'tool_calls':[{'index':0,'function':{'arguments':'}'}}]}"));
          wire.event(finish("tool_calls"));
          wire.event(usage(150, 22, 1));
          wire.chunk("data: [DONE]\n\n").lastChunk();
          return true;
        });

    var listener = ask();

    assertThat(listener.chunks())
        .containsExactly(
            TokenChunk.reasoning(" thinking"),
            new TokenChunk(TokenChunk.Kind.TOOL_CALL, 0, "abc", "f", "{"),
            new TokenChunk(TokenChunk.Kind.TOOL_CALL, 0, null, null, "}"));
    assertThat(listener.reason()).isEqualTo(FinishReason.TOOL_CALLS);
    assertThat(listener.usage().cachedTokens()).isEqualTo(1);
  }

  @Test
  void usesItsConnectionsAgain() throws Exception {
    attach((request, wire) -> shortAnswer(wire));

    for (int i = 0; i < 20; i++) {
      ask();
    }

    // A request may overtake the last bytes behind the answer before it and need another one.
    assertThat(server.requests()).hasSize(20);
    assertThat(server.connections()).isLessThan(10);
  }

  @Test
  void sendsItsOwnNameOfTheModelAndAlwaysStreams() throws Exception {
    attach(
        (request, wire) ->
            request.line().startsWith("GET")
                ? wire.json(200, "{'data':[{'id':'/models/x.gguf','owned_by':'llamacpp'}]}")
                : shortAnswer(wire));
    var models = runtime.models().toCompletableFuture().get(5, TimeUnit.SECONDS);
    var id = models.get(0).facts().id();

    start(Prompts.chat(id, "{'model':'auto','stream':false,'top_k':3,'seed':null}")).awaitOver();

    assertThat(id.value()).isEqualTo("x.gguf");
    assertThat(server.requests().get(1).line()).startsWith("GET /props ");
    var request = server.requests().get(2);
    assertThat(request.line()).isEqualTo("POST /v1/chat/completions HTTP/1.1");
    assertThat(request.headers())
        .containsEntry("content-type", "application/json")
        .containsKey("content-length")
        .doesNotContainKeys("upgrade", "transfer-encoding", "expect");
    assertThat(request.body())
        .isEqualTo(
            "{\"model\":\"/models/x.gguf\",\"stream\":true,"
                + "\"stream_options\":{\"include_usage\":true},\"top_k\":3,"
                + "\"return_progress\":true}");
  }

  @Test
  void sendsTextCompletionsToTheirEndpoint() throws Exception {
    attach(
        (request, wire) -> {
          wire.chunkedHead(200, SSE);
          wire.event("{'choices':[{'text':' candle','index':0,'finish_reason':null}]}");
          wire.event(
              "{'choices':[{'text':'','index':0,'finish_reason':'length'}],'usage':"
                  + "{'prompt_tokens':2,'completion_tokens':1}}");
          wire.chunk("data: [DONE]\n\n").lastChunk();
          return true;
        });

    var listener = start(Prompts.completion(Servers.MODEL, "{'prompt':'Once'}")).awaitOver();

    assertThat(server.requests().get(0).line()).startsWith("POST /v1/completions ");
    assertThat(listener.content()).isEqualTo(" candle");
    assertThat(listener.usage()).isEqualTo(new Usage(2, 1, 0));
  }

  @Test
  void showsItsKey() throws Exception {
    server = new ScriptedServer((request, wire) -> shortAnswer(wire));
    var spec = RuntimeSpec.parse("openai=" + server.url() + "/v1,key-env=K");
    runtime = new OpenAiRuntime(spec, Servers.SETTINGS, Servers.CHIP, Map.of("K", "secret"));

    ask();

    assertThat(server.requests().get(0).headers()).containsEntry("authorization", "Bearer secret");
  }

  @Test
  void endsSoonAfterAFinishReasonWithNothingBehindIt() throws Exception {
    attach(
        (request, wire) -> {
          wire.chunkedHead(200, SSE).event(content("Hi")).event(finish("stop"));
          return wire.untilGone();
        });
    long start = System.nanoTime();

    var listener = ask();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    assertThat(listener.reason()).isEqualTo(FinishReason.STOP);
    assertThat(listener.usage().completionTokens()).isEqualTo(1);
    assertThat(listener.usage().promptTokens()).isPositive();
    assertThat(server.awaitClientGone()).isTrue();
  }

  @Test
  void keepsTheEndForAListenerThatIsSlow() throws Exception {
    attach(
        (request, wire) -> {
          wire.chunkedHead(200, SSE).event(content("a")).event(content("b")).event(content("c"));
          wire.event(finish("stop"));
          return wire.untilGone();
        });
    var listener = new RecordingListener();
    var generation = runtime.start(Prompts.question(Servers.MODEL, "hello"), listener);
    generation.request(2);
    listener.awaitChunks(2);
    generation.request(0);

    generation.request(1);

    assertThat(listener.awaitOver().content()).isEqualTo("abc");
    assertThat(listener.reason()).isEqualTo(FinishReason.STOP);
    assertThat(server.awaitClientGone()).isTrue();
  }

  @Test
  void keepsChunksForAListenerThatIsSlowerThanTheConnection() throws Exception {
    attach(
        (request, wire) -> {
          wire.closingHead(200, SSE);
          line(wire, content("a"));
          line(wire, content("b"));
          line(wire, finish("stop"));
          return false;
        });
    var listener = new RecordingListener();
    var generation = runtime.start(Prompts.question(Servers.MODEL, "hello"), listener);
    generation.request(1);
    listener.awaitChunks(1);
    awaitNoConnection();

    generation.request(1);

    assertThat(listener.awaitOver().content()).isEqualTo("ab");
  }

  @Test
  void closesAConnectionThatStaysOpenBehindTheEnd() throws Exception {
    attach(
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
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    runtime = Servers.attach("http://127.0.0.1:" + port);

    assertThat(ask().failure().code()).isEqualTo("connection_refused");
    assertThatThrownBy(() -> runtime.models().toCompletableFuture().get(5, TimeUnit.SECONDS))
        .isNotNull();
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
    assertThat(runtime.brokenEvents()).isEqualTo(1);
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
  void acceptsOnePieceOfJsonWhereAStreamWasAskedFor() throws Exception {
    attach(
        (request, wire) ->
            wire.json(
                200,
                "{'choices':[{'index':0,'message':{'role':'assistant','content':'All at once'},"
                    + "'finish_reason':'stop'}],'usage':{'prompt_tokens':3,'completion_tokens':4}}"));

    var listener = ask();

    assertThat(listener.chunks()).containsExactly(TokenChunk.content("All at once"));
    assertThat(listener.usage()).isEqualTo(new Usage(3, 4, 0));
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
  void closesTheConnectionWhenCancelledBeforeTheHeaders() throws Exception {
    var taken = new CountDownLatch(1);
    attach(
        (request, wire) -> {
          taken.countDown();
          return wire.untilGone();
        });
    var listener = new RecordingListener();
    var generation = runtime.start(Prompts.question(Servers.MODEL, "hello"), listener);
    assertThat(taken.await(5, TimeUnit.SECONDS)).isTrue();

    generation.cancel();

    assertThat(server.awaitClientGone()).isTrue();
    assertThat(listener.isOver()).isFalse();
  }

  @Test
  void closesTheConnectionWhenCancelledInTheMiddle() throws Exception {
    attach(
        (request, wire) -> {
          wire.chunkedHead(200, SSE).event(content("Hi"));
          return wire.untilGone();
        });
    var listener = new RecordingListener();
    var generation = runtime.start(Prompts.question(Servers.MODEL, "hello"), listener);
    generation.request(10);
    listener.awaitChunks(1);

    generation.cancel();

    assertThat(server.awaitClientGone()).isTrue();
    assertThat(listener.isOver()).isFalse();
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

  @Test
  void goesOnBehindWhatAnotherBeganByATrailingAssistantMessage() throws Exception {
    attach((request, wire) -> shortAnswer(wire));
    var body = "{'messages':[{'role':'user','content':'hi'}]}";

    start(Prompts.begun(Servers.MODEL, body, "Once upon")).awaitOver();

    assertThat(server.requests().get(0).body())
        .contains("{\"role\":\"assistant\",\"content\":\"Once upon\"}]");
  }

  @Test
  void sendsALargePromptWhole() throws Exception {
    attach((request, wire) -> shortAnswer(wire));
    var text = "word ".repeat(200_000);

    start(Prompts.question(Servers.MODEL, text)).awaitOver();

    assertThat(server.requests().get(0).body()).contains(text);
  }

  private void awaitNoConnection() {
    long patience = System.nanoTime() + 5_000_000_000L;
    while (server.connections() > 0 && System.nanoTime() < patience) {
      Thread.onSpinWait();
    }
    assertThat(server.connections()).isZero();
  }

  private void attach(ScriptedServer.Script script) throws IOException {
    server = new ScriptedServer(script);
    runtime = Servers.attach(server);
  }

  private RecordingListener ask() {
    return start(Prompts.question(Servers.MODEL, "hello")).awaitOver();
  }

  private RecordingListener start(Prompt prompt) {
    var listener = new RecordingListener();
    runtime.start(prompt, listener).request(Long.MAX_VALUE);
    return listener;
  }

  private static boolean shortAnswer(ScriptedServer.Wire wire) throws IOException {
    wire.chunkedHead(200, SSE).event(content("Hi")).event(finish("stop")).event(usage(1, 1, 0));
    wire.chunk("data: [DONE]\n\n").lastChunk();
    return true;
  }

  private static void line(ScriptedServer.Wire wire, String json) throws IOException {
    wire.raw("data: " + json.replace('\'', '"') + "\n\n");
  }
}
