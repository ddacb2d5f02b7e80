package org.brokecluster.node.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Arrays;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every runtime keeps to. Runs in real time against a runtime with one loaded model. */
@Timeout(180)
public abstract class ModelRuntimeContract {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ModelRuntime runtime;

  /** A runtime whose {@link #model} is loaded and says the same, ten chunks or more, each time. */
  protected abstract ModelRuntime open() throws Exception;

  /** The model to ask. */
  protected abstract ModelId model();

  /** Waits until the engine behind the runtime works on nothing. */
  protected abstract void awaitIdle() throws Exception;

  @BeforeEach
  final void openRuntime() throws Exception {
    runtime = open();
  }

  @AfterEach
  final void closeRuntime() throws Exception {
    runtime.close().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @Test
  void listsItsModels() throws Exception {
    var models = runtime.models().toCompletableFuture().get(60, TimeUnit.SECONDS);

    assertThat(models)
        .anySatisfy(
            model -> {
              assertThat(model.facts().id()).isEqualTo(model());
              assertThat(model.facts().runtime()).isEqualTo(runtime.name());
              assertThat(model.state()).isEqualTo(ModelState.LOADED);
            });
  }

  @Test
  void answersInChunksAndEndsOnce() {
    var listener = ask(Long.MAX_VALUE);

    listener.awaitOver();

    assertThat(listener.chunks()).hasSizeGreaterThanOrEqualTo(10);
    assertThat(listener.content()).isNotBlank();
    assertThat(listener.usage().completionTokens()).isPositive();
    assertThat(listener.usage().promptTokens()).isPositive();
  }

  @Test
  void showsLifeBeforeTheFirstChunkWithoutBeingAsked() throws Exception {
    var listener = new RecordingListener();
    var generation = runtime.start(question(), listener);

    generation.request(1);
    listener.awaitChunks(1);

    assertThat(listener.prefill()).isNotEmpty();
    generation.cancel();
    awaitIdle();
  }

  @Test
  void sendsNoMoreChunksThanAskedFor() throws Exception {
    var listener = new RecordingListener();
    var generation = runtime.start(question(), listener);

    for (int chunks = 1; chunks <= 5; chunks++) {
      generation.request(1);
      listener.awaitChunks(1);
      assertThat(listener.chunks()).hasSize(chunks);
    }

    generation.request(Long.MAX_VALUE);
    listener.awaitOver();
    assertThat(listener.chunks()).hasSizeGreaterThanOrEqualTo(10);
  }

  @Test
  void stopsWorkWhenCancelledAndSaysNoMore() throws Exception {
    var listener = new RecordingListener();
    var generation = runtime.start(question(), listener);
    generation.request(2);
    listener.awaitChunks(2);

    generation.cancel();
    generation.cancel();
    generation.request(100);

    awaitIdle();
    assertThat(listener.chunks()).hasSize(2);
    assertThat(listener.isOver()).isFalse();
  }

  @Test
  void canBeCancelledAtOnce() throws Exception {
    var listener = new RecordingListener();

    var generation = runtime.start(question(), listener);
    generation.cancel();
    generation.request(Long.MAX_VALUE);

    awaitIdle();
    assertThat(listener.chunks()).isEmpty();
    assertThat(listener.isOver()).isFalse();
  }

  @Test
  void canBeCancelledAfterTheEnd() throws Exception {
    var listener = new RecordingListener();
    var generation = runtime.start(question(), listener);
    generation.request(Long.MAX_VALUE);
    listener.awaitOver();

    generation.cancel();

    awaitIdle();
    assertThat(listener.reason()).isNotNull();
  }

  @Test
  void canBeCancelledFromWithinAChunk() throws Exception {
    var inner = new RecordingListener();
    var generations = new CopyOnWriteArrayList<Generation>();
    var listener =
        new ForwardingListener(inner) {
          @Override
          public void onChunk(TokenChunk chunk) {
            super.onChunk(chunk);
            generations.get(0).cancel();
          }
        };

    generations.add(runtime.start(question(), listener));
    generations.get(0).request(Long.MAX_VALUE);
    inner.awaitChunks(1);

    awaitIdle();
    assertThat(inner.chunks()).hasSize(1);
    assertThat(inner.isOver()).isFalse();
  }

  @Test
  void servesSeveralAnswersSideBySide() {
    var first = ask(Long.MAX_VALUE);
    var second = ask(Long.MAX_VALUE);
    var third = ask(Long.MAX_VALUE);

    assertThat(first.awaitOver().content()).isNotBlank();
    assertThat(second.awaitOver().content()).isEqualTo(first.content());
    assertThat(third.awaitOver().content()).isEqualTo(first.content());
  }

  @Test
  void findsABrokenBodyTheClientsFault() {
    var listener = new RecordingListener();

    var generation = runtime.start(Prompts.chat(model(), "{'messages': ["), listener);
    generation.request(1);

    assertThat(listener.awaitOver().failure().kind()).isEqualTo(Kind.BAD_REQUEST);
  }

  @Test
  void loadsAModelThatIsThereAtOnce() throws Exception {
    var shares = new CopyOnWriteArrayList<Double>();

    runtime.load(model(), shares::add).toCompletableFuture().get(60, TimeUnit.SECONDS);

    assertThat(shares).last().isEqualTo(1.0);
  }

  @Test
  void endsAnAnswerAtTheClientsLimit() {
    var listener = start(Prompts.chat(model(), body("'max_tokens':5", "hello"))).awaitOver();

    assertThat(listener.reason()).isEqualTo(FinishReason.LENGTH);
    assertThat(listener.chunks()).hasSizeLessThanOrEqualTo(5);
    assertThat(listener.usage().completionTokens()).isBetween(1, 6);
  }

  @Test
  void endsAnAnswerBeforeAStopText() {
    var fields = "'temperature':0,'max_tokens':24";
    var whole = start(Prompts.chat(model(), body(fields, "hello there"))).awaitOver().content();
    var stop = lateWord(whole);

    var body = body(fields + ",'stop':['" + stop + "']", "hello there");
    var listener = start(Prompts.chat(model(), body)).awaitOver();

    assertThat(listener.reason()).isEqualTo(FinishReason.STOP);
    assertThat(listener.content()).isNotBlank().doesNotContain(stop);
  }

  /** A word that stands in a text for the first time behind its beginning. */
  private static String lateWord(String text) {
    return Arrays.stream(text.split("[^\\p{L}0-9]+", -1))
        .filter(word -> !word.isEmpty() && text.indexOf(word) > 10)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void callsAFunction() throws Exception {
    var facts = runtime.models().toCompletableFuture().get(60, TimeUnit.SECONDS).get(0).facts();
    assumeThat(facts.abilities()).contains(Ability.TOOLS);
    var tool =
        "'tools':[{'type':'function','function':{'name':'get_weather','parameters':{'type':'object',"
            + "'properties':{'city':{'type':'string'}},'required':['city']}}}]";

    var listener =
        start(Prompts.chat(model(), body(tool, "What is the weather in Paris?"))).awaitOver();

    assertThat(listener.reason()).isEqualTo(FinishReason.TOOL_CALLS);
    var calls =
        listener.chunks().stream().filter(c -> c.kind() == TokenChunk.Kind.TOOL_CALL).toList();
    assertThat(calls.get(0).name()).isEqualTo("get_weather");
    assertThat(calls.get(0).id()).isNotBlank();
    assertThat(calls).extracting(TokenChunk::index).containsOnly(0);
    var arguments = JSON.readTree(listener.text(TokenChunk.Kind.TOOL_CALL));
    assertThat(arguments.path("city").isTextual()).isTrue();
  }

  @Test
  void takesAndGivesAnyText() {
    var listener = ask("grüße \uD83D\uDE42 日本 \u2028 \u0000".replace("\u0000", ""));

    var content = listener.content();
    assertThat(content).isNotBlank();
    assertThat(new String(content.getBytes(UTF_8), UTF_8)).isEqualTo(content);
  }

  @Test
  void makesTextCompletions() {
    var prompt = Prompts.completion(model(), "{'prompt':'Once upon','max_tokens':6}");

    var listener = start(prompt).awaitOver();

    assertThat(listener.reason()).isEqualTo(FinishReason.LENGTH);
    assertThat(listener.content()).isNotBlank();
  }

  @Test
  void answersOrRefusesAPromptOfMegabytes() {
    var listener = ask("word ".repeat(1_000_000));

    if (listener.endedWell()) {
      assertThat(listener.usage().promptTokens()).isGreaterThan(100_000);
    } else {
      assertThat(listener.failure().kind()).isEqualTo(Kind.CONTEXT_LENGTH);
    }
  }

  @Test
  void endsItsAnswersWhenItCloses() throws Exception {
    var listener = new RecordingListener();
    var generation = runtime.start(question(), listener);
    generation.request(1);
    listener.awaitChunks(1);

    runtime.close().toCompletableFuture().get(60, TimeUnit.SECONDS);

    assertThat(listener.awaitOver().failure().kind()).isEqualTo(Kind.NODE_STOPPING);
    awaitIdle();
    runtime = open();
  }

  /** The runtime under test. */
  protected final ModelRuntime runtime() {
    return runtime;
  }

  /** Starts an answer with nothing in its way. */
  protected final RecordingListener start(Prompt prompt) {
    var listener = new RecordingListener();
    runtime.start(prompt, listener).request(Long.MAX_VALUE);
    return listener;
  }

  /** The whole answer to a question. */
  protected final RecordingListener ask(String question) {
    return start(question(question)).awaitOver();
  }

  /** A chat with one question. */
  protected Prompt question(String question) {
    return Prompts.question(model(), question);
  }

  /** The body of a chat with one question and further fields. */
  protected static String body(String fields, String question) {
    return "{%s,'messages':[{'role':'user','content':'%s'}]}".formatted(fields, question);
  }

  private RecordingListener ask(long chunks) {
    var listener = new RecordingListener();
    runtime.start(question(), listener).request(chunks);
    return listener;
  }

  private Prompt question() {
    return question("hello there");
  }

  /** Passes everything on. */
  private static class ForwardingListener implements GenerationListener {
    private final GenerationListener target;

    ForwardingListener(GenerationListener target) {
      this.target = target;
    }

    @Override
    public void onPrefill(double share) {
      target.onPrefill(share);
    }

    @Override
    public void onChunk(TokenChunk chunk) {
      target.onChunk(chunk);
    }

    @Override
    public void onEnd(FinishReason reason, Usage usage) {
      target.onEnd(reason, usage);
    }

    @Override
    public void onFailure(AttemptFailure failure) {
      target.onFailure(failure);
    }
  }
}
