package org.brokecluster.node.runtime.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.brokecluster.node.runtime.ModelRuntime;
import org.brokecluster.node.runtime.Prompts;
import org.brokecluster.node.runtime.RecordingListener;
import org.brokecluster.node.runtime.RuntimeModel;
import org.brokecluster.node.runtime.ServedRuntimeContract;
import org.brokecluster.node.runtime.Spoken;
import org.brokecluster.node.runtime.http.ScriptedServer;
import org.brokecluster.node.runtime.testserver.LlamaServer;
import org.brokecluster.node.runtime.testserver.TestServer;
import org.brokecluster.node.runtime.testserver.Trouble;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LlamaContractTest extends ServedRuntimeContract {
  private LlamaServer llama;

  @Override
  protected TestServer serve() throws Exception {
    llama = new LlamaServer(0);
    return llama;
  }

  @Override
  protected ModelRuntime attach(String url, Patience patience) {
    return Servers.attach("openai=" + url, Servers.wide(patience));
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

    assertThat(failure.kind()).isEqualTo(AttemptFailure.Kind.CONTEXT_LENGTH);
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

  @Test
  void offersToGoOnWithAnAnswerOnlyWhereItTellsItsTemplate() throws Exception {
    assertThat(list().facts().abilities()).contains(Ability.CHAT_TEMPLATE);

    llama.renders(false);

    assertThat(list().facts().abilities()).doesNotContain(Ability.CHAT_TEMPLATE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 40, 100, 131})
  void goesOnWithAChatsAnswerAsATextCompletion(int had) {
    var whole = ask("hello").content();

    var rest = goOn("hello", "", whole.substring(0, had), had / 6);

    assertThat(whole.substring(0, had) + rest.content()).isEqualTo(whole);
    assertThat(rest.reason()).isEqualTo(FinishReason.STOP);
    assertThat(last().line()).contains("/v1/completions");
    assertThat(last().body()).doesNotContain("messages", "chat_template_kwargs");
  }

  @Test
  void goesOnBehindThinkingThatIsOver() {
    var first = ask("think first");
    var whole = first.content();

    var rest = goOn("think first", first.text(Kind.REASONING), whole.substring(0, 30), 7);

    assertThat(whole.substring(0, 30) + rest.content()).isEqualTo(whole);
    assertThat(rest.text(Kind.REASONING)).isEmpty();
  }

  @Test
  void keepsToWhatIsLeftOfTheClientsLimit() {
    var whole = ask("hello").content();
    var begun = whole.substring(0, whole.indexOf(" lantern"));
    var asked =
        "{'messages':[{'role':'user','content':'hello'}],'max_tokens':10,'temperature':0.5}";

    var rest = start(Prompts.spoken(model(), asked, new Spoken("", begun), 4)).awaitOver();

    assertThat(rest.reason()).isEqualTo(FinishReason.LENGTH);
    assertThat(rest.chunks()).hasSize(6);
    assertThat(last().body()).contains("\"max_tokens\":6", "\"temperature\":0.5");
  }

  @Test
  void letsNoStopTokenIntoTheRest() {
    var whole = ask("hello").content();
    llama.trouble(Trouble.STOP_TOKEN);

    var rest = goOn("hello", "", whole.substring(0, 12), 2);

    assertThat(whole.substring(0, 12) + rest.content()).isEqualTo(whole);
  }

  @Test
  void refusesToGoOnWhereNobodyRendersTheChat() {
    llama.renders(false);

    var failure = goOn("hello", "", " token", 1).failure();

    assertThat(failure.kind()).isEqualTo(AttemptFailure.Kind.UNSUPPORTED);
    assertThat(failure.code()).isEqualTo("template_not_rendered");
    assertThat(llama.generated()).isZero();
  }

  private RecordingListener goOn(String question, String reasoning, String content, int tokens) {
    var body = "{'messages':[{'role':'user','content':'" + question + "'}]}";
    var prompt = Prompts.spoken(model(), body, new Spoken(reasoning, content), tokens);
    return start(prompt).awaitOver();
  }

  private ScriptedServer.Request last() {
    return llama.requests().get(llama.requests().size() - 1);
  }

  private RuntimeModel list() throws Exception {
    return runtime().models().toCompletableFuture().get(60, TimeUnit.SECONDS).get(0);
  }
}
