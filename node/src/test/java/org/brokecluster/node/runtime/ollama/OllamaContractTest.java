package org.brokecluster.node.runtime.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.brokecluster.node.Soon;
import org.brokecluster.node.runtime.ModelRuntime;
import org.brokecluster.node.runtime.Prompts;
import org.brokecluster.node.runtime.RuntimeModel;
import org.brokecluster.node.runtime.ServedRuntimeContract;
import org.brokecluster.node.runtime.openai.OpenAiSettings;
import org.brokecluster.node.runtime.openai.RuntimeSpec;
import org.brokecluster.node.runtime.testserver.OllamaServer;
import org.brokecluster.node.runtime.testserver.TestServer;
import org.brokecluster.node.runtime.testserver.Trouble;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.shared.hardware.Chip;
import org.junit.jupiter.api.Test;

class OllamaContractTest extends ServedRuntimeContract {
  private static final OllamaSettings SETTINGS =
      new OllamaSettings(Duration.ofMinutes(7), 1, 8192, 32_768);
  private static final ModelId LOADED = ModelId.of(OllamaServer.LOADED);
  private static final ModelId ON_DISK = ModelId.of(OllamaServer.ON_DISK);

  private OllamaServer ollama;

  @Override
  protected TestServer serve() throws Exception {
    ollama = new OllamaServer(0, 64, 40_960);
    return ollama;
  }

  @Override
  protected ModelRuntime attach(String url, Patience patience) {
    return new OllamaRuntime(
        RuntimeSpec.parse("ollama=" + url),
        SETTINGS,
        new OpenAiSettings(
            Soon.LIMIT,
            patience.list(),
            4,
            patience.grace(),
            256,
            1 << 20,
            1 << 20,
            4096,
            Soon.LIMIT,
            16),
        Chip.parse("M1 Max").orElseThrow(),
        Map.of());
  }

  @Override
  protected ModelId model() {
    return LOADED;
  }

  /** Ollama tells of nothing before the first token but the head of its answer. */
  @Test
  void tellsWhatItHasAndWhatIsLoaded() throws Exception {
    var loaded = find(LOADED);
    var onDisk = find(ON_DISK);

    assertThat(loaded.state()).isEqualTo(ModelState.LOADED);
    assertThat(loaded.facts().parameters()).isEqualTo(4_022_468_096L);
    assertThat(loaded.facts().quantization()).contains("Q4_K");
    assertThat(loaded.facts().bytes()).isEqualTo(2_600_000_000L);
    assertThat(loaded.facts().contextLength()).isEqualTo(32_768);
    assertThat(loaded.facts().slots()).isEqualTo(1);
    assertThat(loaded.facts().abilities())
        .contains(Ability.TOOLS, Ability.JSON_SCHEMA, Ability.JSON_OBJECT, Ability.LOGPROBS)
        .doesNotContain(Ability.VISION, Ability.TOOL_CHOICE);
    assertThat(onDisk.state()).isEqualTo(ModelState.DISK);
    assertThat(onDisk.facts().abilities()).contains(Ability.VISION).doesNotContain(Ability.TOOLS);
    assertThat(find(ModelId.of(OllamaServer.EMBEDS)).facts().abilities())
        .containsExactly(Ability.EMBEDDING);
    assertThat(ollama.loads()).isZero();
    assertThat(ollama.generated()).isZero();
  }

  @Test
  void neverUsesAModelThatRunsElsewhere() throws Exception {
    var remote = find(ModelId.of(OllamaServer.REMOTE));

    assertThat(remote.state()).isEqualTo(ModelState.UNSUPPORTED);
    assertThat(remote.reason()).contains("would leave the network");
    assertThat(remote.facts().abilities()).isEmpty();
  }

  @Test
  void asksForDetailsOnce() throws Exception {
    long before = shows();

    runtime().models().toCompletableFuture().get(60, TimeUnit.SECONDS);

    assertThat(before).isEqualTo(3);
    assertThat(shows()).isEqualTo(before);
  }

  private long shows() {
    return ollama.requests().stream().filter(each -> each.line().contains("/api/show")).count();
  }

  @Test
  void loadsAndUnloads() throws Exception {
    runtime().load(ON_DISK, share -> {}).toCompletableFuture().get(60, TimeUnit.SECONDS);
    assertThat(ollama.loaded()).containsEntry(OllamaServer.ON_DISK, 8192);
    assertThat(find(ON_DISK).state()).isEqualTo(ModelState.LOADED);

    runtime().unload(ON_DISK).toCompletableFuture().get(60, TimeUnit.SECONDS);

    assertThat(ollama.loaded()).containsOnlyKeys(OllamaServer.LOADED);
    assertThat(find(ON_DISK).state()).isEqualTo(ModelState.DISK);
  }

  @Test
  void saysWhyAModelDoesNotLoad() {
    var failure =
        runtime().load(ModelId.of("nope"), share -> {}).toCompletableFuture().handle((ok, e) -> e);

    assertThat(failure.join()).hasMessageContaining("does not list this model: model=nope");
  }

  @Test
  void doesNotLoadAModelAgainForAPromptThatFits() {
    ask("hello");
    ask("hello again");

    assertThat(ollama.loads()).isZero();
    assertThat(ollama.loaded()).containsEntry(OllamaServer.LOADED, 4096);
  }

  @Test
  void makesTheContextLongEnoughForThePrompt() {
    var listener = ask("word ".repeat(12_000));

    assertThat(listener.reason()).isEqualTo(FinishReason.STOP);
    assertThat(ollama.loaded().get(OllamaServer.LOADED)).isEqualTo(32_768);
    assertThat(ollama.requests().get(ollama.requests().size() - 1).body())
        .contains("\"truncate\":false");
  }

  @Test
  void findsAPromptTooLongForAnyContextTheRequestsFault() {
    var failure = ask("word ".repeat(60_000)).failure();

    assertThat(failure.kind()).isEqualTo(Kind.CONTEXT_LENGTH);
    assertThat(failure.code()).isEqualTo("context_length_exceeded");
    assertThat(ollama.generated()).isZero();
  }

  @Test
  void findsAPromptThatOllamaFindsTooLongTheRequestsFault() {
    assertThat(ask("word ".repeat(40_000)).failure().kind()).isEqualTo(Kind.CONTEXT_LENGTH);
  }

  @Test
  void tellsThatItsQueueIsFull() {
    ollama.trouble(Trouble.BUSY);

    assertThat(ask("hello").failure().kind()).isEqualTo(Kind.RATE_LIMITED);
  }

  @Test
  void keepsAPinnedModelForEver() {
    runtime().pin(LOADED, true);

    ask("hello");

    assertThat(ollama.requests().get(ollama.requests().size() - 1).body())
        .contains("\"keep_alive\":-1");
    runtime().pin(LOADED, false);
    ask("hello");
    assertThat(ollama.requests().get(ollama.requests().size() - 1).body())
        .contains("\"keep_alive\":420");
  }

  @Test
  void continuesBehindACallOfATool() {
    var messages =
        "{'messages':[{'role':'user','content':[{'type':'text','text':'x'}]},"
            + "{'role':'assistant','content':null,'tool_calls':[{'id':'a','type':'function',"
            + "'function':{'name':'f','arguments':'{}'}}]},"
            + "{'role':'tool','tool_call_id':'a','content':'1'}]}";

    assertThat(start(Prompts.chat(LOADED, messages)).awaitOver().reason())
        .isEqualTo(FinishReason.STOP);
  }

  private RuntimeModel find(ModelId id) throws Exception {
    return runtime().models().toCompletableFuture().get(60, TimeUnit.SECONDS).stream()
        .filter(model -> model.facts().id().equals(id))
        .findFirst()
        .orElseThrow();
  }
}
