package org.brokecluster.node.runtime.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.brokecluster.node.runtime.ModelRuntime;
import org.brokecluster.node.runtime.Prompts;
import org.brokecluster.node.runtime.RecordingListener;
import org.brokecluster.node.runtime.ServedRuntimeContract;
import org.brokecluster.node.runtime.testserver.MlxLmServer;
import org.brokecluster.node.runtime.testserver.TestServer;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.node.FinishReason;
import org.junit.jupiter.api.Test;

class MlxLmContractTest extends ServedRuntimeContract {
  private MlxLmServer mlx;

  @Override
  protected TestServer serve() throws Exception {
    mlx = new MlxLmServer(0);
    return mlx;
  }

  @Override
  protected ModelRuntime attach(String url) {
    return Servers.attach("mlx=" + url, Servers.WIDE);
  }

  @Override
  protected ModelId model() {
    return ModelId.of("Qwen3-4B-4bit");
  }

  @Test
  void isToldByItsAnswers() throws Exception {
    var runtime = Servers.attach("openai=" + mlx.url(), Servers.WIDE);

    runtime.models().toCompletableFuture().get(5, TimeUnit.SECONDS);

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
