package org.brokecluster.node.runtime.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.brokecluster.node.Soon;
import org.brokecluster.node.runtime.LoadException;
import org.brokecluster.node.runtime.ModelRuntime;
import org.brokecluster.node.runtime.ModelRuntimeContract;
import org.brokecluster.node.runtime.Prompts;
import org.brokecluster.node.runtime.openai.RuntimeSpec;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.shared.hardware.Chip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Really generates, with a tiny model. */
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64|aarch64")
class GgufContractTest extends ModelRuntimeContract {
  private static final GgufSettings SETTINGS = new GgufSettings(128, 3, 1, 0);

  @TempDir private Path folder;
  private GgufRuntime runtime;

  @Override
  protected ModelRuntime open() throws Exception {
    runtime = runtime(TinyGguf.write(folder.resolve("tiny.gguf")));
    runtime.load(model(), share -> {}).toCompletableFuture().get(60, TimeUnit.SECONDS);
    return runtime;
  }

  private static GgufRuntime runtime(Path file) {
    return new GgufRuntime(
        RuntimeSpec.parse("gguf=" + file), SETTINGS, Chip.parse("M1").orElseThrow(), 1 << 20);
  }

  @Override
  protected ModelId model() {
    return ModelId.of("tiny.gguf");
  }

  @Override
  protected void awaitIdle() {
    Soon.await("it works on nothing", () -> runtime.working() == 0);
  }

  @Test
  void isOnDiskAgainOnceItIsUnloaded() throws Exception {
    runtime.unload(model()).toCompletableFuture().get(60, TimeUnit.SECONDS);

    var models = runtime.models().toCompletableFuture().get(60, TimeUnit.SECONDS);

    assertThat(models.get(0).state()).isEqualTo(ModelState.DISK);
    assertThat(ask("hello").failure().kind()).isEqualTo(Kind.LOAD_FAILED);
  }

  @Test
  void endsAnAnswerAtTheEndOfTheContext() {
    var listener = start(Prompts.completion(model(), "{'prompt':'" + "a ".repeat(30) + "'}"));

    assertThat(listener.awaitOver().usage().totalTokens()).isLessThanOrEqualTo(128);
    assertThat(listener.reason()).isIn(FinishReason.LENGTH, FinishReason.STOP);
  }

  @Test
  void givesACharacterThatTakesSeveralTokens() {
    var answer = start(Prompts.completion(model(), "{'prompt':'.','max_tokens':100}")).awaitOver();

    assertThat(answer.content()).contains("aaaüa alanterna bbbb").doesNotContain("\uFFFD");
  }

  @Test
  void refusesWhatTheBindingCannotDo() {
    var body = body("'response_format':{'type':'json_object'}", "hello");

    var failure = start(Prompts.chat(model(), body)).awaitOver().failure();

    assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
    assertThat(failure.param()).isEqualTo("response_format");
  }

  @Test
  void saysWhyAFileDoesNotLoad() throws Exception {
    var broken = runtime(Files.writeString(folder.resolve("broken.gguf"), "no model"));

    assertThatThrownBy(
            () ->
                broken
                    .load(ModelId.of("broken.gguf"), share -> {})
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(LoadException.class)
        .hasMessageContaining("broken.gguf");
    broken.close().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
