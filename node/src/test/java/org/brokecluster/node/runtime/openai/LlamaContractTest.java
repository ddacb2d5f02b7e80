package org.brokecluster.node.runtime.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.brokecluster.node.runtime.ModelRuntime;
import org.brokecluster.node.runtime.RecordingListener;
import org.brokecluster.node.runtime.RuntimeModel;
import org.brokecluster.node.runtime.ServedRuntimeContract;
import org.brokecluster.node.runtime.testserver.LlamaServer;
import org.brokecluster.node.runtime.testserver.TestServer;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.junit.jupiter.api.Test;

class LlamaContractTest extends ServedRuntimeContract {
  private LlamaServer llama;

  @Override
  protected TestServer serve() throws Exception {
    llama = new LlamaServer(0);
    return llama;
  }

  @Override
  protected ModelRuntime attach(String url) {
    return Servers.attach("openai=" + url, Servers.WIDE);
  }

  @Override
  protected ModelId model() {
    return ModelId.of("tiny-think-Q4_K_M.gguf");
  }

  @Test
  void tellsItsRealSlotsAndContext() throws Exception {
    var model = list().facts();

    assertThat(model.slots()).isEqualTo(2);
    assertThat(model.contextLength()).isEqualTo(8192);
    assertThat(model.runtime()).isEqualTo("llama");
    assertThat(model.abilities())
        .contains(Ability.TOOL_CHOICE, Ability.JSON_SCHEMA, Ability.LOGPROBS)
        .doesNotContain(Ability.VISION);
  }

  @Test
  void showsHowFarItIsInThePrompt() {
    var listener = ask("word ".repeat(1000));

    assertThat(listener.prefill()).anyMatch(share -> share > 0.1 && share < 0.9);
  }

  @Test
  void findsAPromptTooLongTheRequestsFault() {
    var failure = ask("word ".repeat(20_000)).failure();

    assertThat(failure.kind()).isEqualTo(Kind.CONTEXT_LENGTH);
    assertThat(failure.code()).isEqualTo("context_length_exceeded");
    assertThat(failure.status()).isEqualTo(400);
  }

  @Test
  void cancelsARequestThatWaitsForASlotWithoutAWord() {
    var first = new RecordingListener();
    var second = new RecordingListener();
    var third = new RecordingListener();
    var busy = runtime().start(question("at length"), first);
    var alsoBusy = runtime().start(question("at length"), second);
    busy.request(Long.MAX_VALUE);
    alsoBusy.request(Long.MAX_VALUE);
    first.awaitChunks(1);
    second.awaitChunks(1);
    var waiting = runtime().start(question("hello"), third);
    waiting.request(Long.MAX_VALUE);

    waiting.cancel();
    busy.cancel();
    alsoBusy.cancel();

    awaitIdle();
    assertThat(third.chunks()).isEmpty();
  }

  @Test
  void isOutOfServiceWhileItLoads() throws Exception {
    llama.loading(true);

    assertThatThrownBy(this::list)
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("is still loading its model (503)");
    llama.loading(false);

    assertThat(list().facts().id()).isEqualTo(model());
  }

  @Test
  void saysThatItCannotUnload() {
    var failure = runtime().unload(model()).toCompletableFuture().handle((ok, error) -> error);

    assertThat(failure.join()).hasMessageContaining("llama-server looks after its models itself");
  }

  private RuntimeModel list() throws Exception {
    return runtime().models().toCompletableFuture().get(5, TimeUnit.SECONDS).get(0);
  }
}
