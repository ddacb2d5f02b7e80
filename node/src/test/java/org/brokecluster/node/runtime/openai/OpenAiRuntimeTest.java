package org.brokecluster.node.runtime.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.node.runtime.openai.Servers.content;
import static org.brokecluster.node.runtime.openai.Servers.delta;
import static org.brokecluster.node.runtime.openai.Servers.finish;
import static org.brokecluster.node.runtime.openai.Servers.usage;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.brokecluster.node.runtime.Prompts;
import org.brokecluster.node.runtime.RecordingListener;
import org.brokecluster.node.runtime.http.ScriptedServer;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.junit.jupiter.api.Test;

class OpenAiRuntimeTest extends OpenAiRuntimeCase {
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
    var models = runtime.models().toCompletableFuture().get(60, TimeUnit.SECONDS);
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
    attachHasty(
        (request, wire) -> {
          wire.chunkedHead(200, SSE).event(content("Hi")).event(finish("stop"));
          return wire.untilGone();
        });
    long start = System.nanoTime();

    var listener = ask();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    assertThat(listener.reason()).isEqualTo(FinishReason.STOP);
    assertThat(listener.usage().completionTokens()).isEqualTo(1);
    assertThat(listener.usage().promptTokens()).isPositive();
    assertThat(server.awaitClientGone()).isTrue();
  }

  @Test
  void keepsTheEndForAListenerThatIsSlow() throws Exception {
    attachHasty(
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
  void closesTheConnectionWhenCancelledBeforeTheHeaders() throws Exception {
    var taken = new CountDownLatch(1);
    attach(
        (request, wire) -> {
          taken.countDown();
          return wire.untilGone();
        });
    var listener = new RecordingListener();
    var generation = runtime.start(Prompts.question(Servers.MODEL, "hello"), listener);
    assertThat(taken.await(60, TimeUnit.SECONDS)).isTrue();

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
}
