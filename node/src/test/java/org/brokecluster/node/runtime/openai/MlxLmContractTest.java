package org.brokecluster.node.runtime.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.brokecluster.node.runtime.ModelRuntime;
import org.brokecluster.node.runtime.Prompt;
import org.brokecluster.node.runtime.Prompts;
import org.brokecluster.node.runtime.RecordingListener;
import org.brokecluster.node.runtime.ServedRuntimeContract;
import org.brokecluster.node.runtime.Spoken;
import org.brokecluster.node.runtime.template.Rendered;
import org.brokecluster.node.runtime.testserver.ChatMl;
import org.brokecluster.node.runtime.testserver.MlxLmServer;
import org.brokecluster.node.runtime.testserver.TestServer;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.junit.jupiter.api.Test;

class MlxLmContractTest extends ServedRuntimeContract {
  private MlxLmServer mlx;

  @Override
  protected TestServer serve() throws Exception {
    mlx = new MlxLmServer(0);
    return mlx;
  }

  @Override
  protected ModelRuntime attach(String url, Patience patience) {
    var runtime = Servers.attach("mlx=" + url, Servers.wide(patience));
    runtime.renderedBy(MlxLmContractTest::render);
    return runtime;
  }

  /** What the node's renderer would answer; the server itself tells nobody. */
  private static CompletionStage<Rendered> render(List<byte[]> chats) {
    var texts = new ArrayList<String>();
    for (var chat : chats) {
      texts.add(ChatMl.render(chat));
    }
    return CompletableFuture.completedFuture(new Rendered(ChatMl.TEMPLATE, texts));
  }

  @Override
  protected ModelId model() {
    return ModelId.of("Qwen3-4B-4bit");
  }

  @Test
  void isToldByItsAnswers() throws Exception {
    var runtime = Servers.attach("openai=" + mlx.url(), Servers.wide(Patience.LONG));

    runtime.models().toCompletableFuture().get(60, TimeUnit.SECONDS);

    assertThat(runtime.dialect()).isEqualTo(Dialect.MLX_LM);
    assertThat(mlx.generated()).isZero();
    runtime.close();
  }

  @Test
  void getsPastTheValuesThatCloseItsConnection() {
    var fields =
        "'temperature':null,'top_p':null,'max_tokens':null,'stream':null,'logprobs':null,"
            + "'xtc_probability':1,'stream_options':{},'model':null";

    var listener = start(Prompts.chat(model(), body(fields, "hello"))).awaitOver();

    assertThat(listener.reason()).isEqualTo(FinishReason.STOP);
    assertThat(listener.usage().cachedTokens()).isEqualTo(3);
  }

  @Test
  void isNotCutAtTheServersOwnLimit() {
    var listener = new RecordingListener();
    var generation = runtime().start(question("at length"), listener);
    generation.request(Long.MAX_VALUE);

    listener.awaitChunks(600);

    generation.cancel();
    awaitIdle();
  }

  @Test
  void neverEndsTheServersThreadByItsOwnAnswer() {
    var first = start(Prompts.completion(model(), "{'prompt':'Once','max_tokens':4}")).awaitOver();
    var again = "{'prompt':'Once" + first.content() + "','max_tokens':4}";

    var second = start(Prompts.completion(model(), again)).awaitOver();

    assertThat(second.reason()).isEqualTo(FinishReason.LENGTH);
    assertThat(mlx.threadDead()).isFalse();
  }

  @Test
  void goesOnWithAChatsAnswerAsATextCompletion() {
    var first = ask("think first");
    var whole = first.content();
    var thought = first.text(TokenChunk.Kind.REASONING);

    var rest = goOn("think first", new Spoken(thought, whole.substring(0, 40)));

    assertThat(whole.substring(0, 40) + rest.content()).isEqualTo(whole);
    assertThat(rest.reason()).isEqualTo(FinishReason.STOP);
    assertThat(mlx.requests()).anyMatch(each -> each.line().contains("/v1/completions"));
  }

  @Test
  void neverEndsTheServersThreadByAChatsWholeAnswer() {
    var whole = ask("hello").content();

    var rest = goOn("hello", new Spoken("", whole));

    assertThat(rest.endedWell()).isTrue();
    assertThat(mlx.threadDead()).isFalse();
  }

  @Test
  void doesNotGoOnAsATextCompletionWhereNobodyRenders() throws Exception {
    var runtime = Servers.attach("mlx=" + mlx.url(), Servers.wide(Patience.LONG));
    var listed = runtime.models().toCompletableFuture().get(60, TimeUnit.SECONDS).get(0);
    var listener = new RecordingListener();

    runtime.start(spoken("hello", new Spoken("", " token")), listener).request(100);

    assertThat(listener.awaitOver().failure().code()).isEqualTo("template_not_rendered");
    assertThat(listed.facts().abilities()).doesNotContain(Ability.CHAT_TEMPLATE);
    runtime.close();
  }

  private RecordingListener goOn(String question, Spoken spoken) {
    return start(spoken(question, spoken)).awaitOver();
  }

  private Prompt spoken(String question, Spoken spoken) {
    var body = "{'messages':[{'role':'user','content':'" + question + "'}]}";
    return Prompts.spoken(model(), body, spoken, 4);
  }

  @Test
  void neverMakesItLoadAnotherModel() {
    ask("hello");

    assertThat(mlx.switches()).isZero();
    assertThat(mlx.requests()).anyMatch(each -> each.body().contains("\"default_model\""));
  }

  @Test
  void canGoOnAfterACallWhoseArgumentsWereNoJson() {
    var messages =
        "{'messages':[{'role':'user','content':'x'},{'role':'assistant','content':null,"
            + "'tool_calls':[{'id':'a','type':'function','function':{'name':'f','arguments':'{x'}}]},"
            + "{'role':'tool','tool_call_id':'a','content':'1'}]}";

    assertThat(start(Prompts.chat(model(), messages)).awaitOver().reason())
        .isEqualTo(FinishReason.STOP);
  }
}
