package org.brokecluster.node.runtime.llama;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.brokecluster.node.hardware.Hardware;
import org.brokecluster.node.memory.MemoryLedger;
import org.brokecluster.node.memory.MemoryLimit;
import org.brokecluster.node.runtime.ModelRuntime;
import org.brokecluster.node.runtime.NodeRuntimeSettings;
import org.brokecluster.node.runtime.Prompts;
import org.brokecluster.node.runtime.RecordingListener;
import org.brokecluster.node.runtime.RuntimeModel;
import org.brokecluster.node.runtime.RuntimePlace;
import org.brokecluster.node.runtime.Runtimes;
import org.brokecluster.node.runtime.disk.FakeGguf;
import org.brokecluster.node.runtime.testserver.FakeLlamaMain;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.shared.config.SettingsReader;
import org.brokecluster.shared.hardware.Chip;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** GGUF files served by a real process that plays llama-server. */
@Timeout(180)
class LlamaShelfTest {
  private static final ModelId MODEL = ModelId.of("Llama-3.1-8B-Q4_K_M");

  @TempDir private Path folder;

  private List<ModelRuntime> runtimes = List.of();

  @AfterEach
  void close() throws Exception {
    for (var runtime : runtimes) {
      runtime.close().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void servesAFileThatTheOperatorNames() throws Exception {
    var file = gguf("Llama-3.1-8B-Q4_K_M.gguf");
    var runtime = open("runtimes = [\"llama=" + file + "\"]", true);

    var found = models(runtime).get(0);
    assertThat(found.state()).isEqualTo(ModelState.DISK);
    assertThat(found.facts().id()).isEqualTo(MODEL);
    assertThat(found.facts().quantization()).isEqualTo("Q4_K_M");
    assertThat(found.facts().contextLength()).isEqualTo(4 * 4096);
    assertThat(found.facts().abilities())
        .contains(Ability.CHAT, Ability.TOOLS, Ability.JSON_SCHEMA)
        .doesNotContain(Ability.VISION, Ability.EMBEDDING);

    runtime.load(MODEL, share -> {}).toCompletableFuture().get(60, TimeUnit.SECONDS);

    assertThat(models(runtime).get(0).state()).isEqualTo(ModelState.LOADED);
    var listener = new RecordingListener();
    runtime.start(Prompts.question(MODEL, "hello"), listener).request(Long.MAX_VALUE);
    assertThat(listener.awaitOver().content()).isNotBlank();
    assertThat(listener.usage().completionTokens()).isPositive();
    runtime.unload(MODEL).toCompletableFuture().get(60, TimeUnit.SECONDS);
    assertThat(models(runtime).get(0).state()).isEqualTo(ModelState.DISK);
  }

  @Test
  void aPromptLongerThanItsCacheIsRefusedBeforeTheServerSeesIt() throws Exception {
    var file = gguf("Llama-3.1-8B-Q4_K_M.gguf");
    var runtime = open("runtimes = [\"llama=" + file + "\"]", true);
    models(runtime);
    runtime.load(MODEL, share -> {}).toCompletableFuture().get(60, TimeUnit.SECONDS);

    var listener = new RecordingListener();
    runtime
        .start(Prompts.question(MODEL, "word ".repeat(40_000)), listener)
        .request(Long.MAX_VALUE);

    assertThat(listener.awaitOver().failure().kind()).isEqualTo(Kind.CONTEXT_LENGTH);
    assertThat(listener.failure().message()).contains("16384");
  }

  @Test
  void saysWhyAModelCannotBeLoaded() throws Exception {
    var file = gguf("broken-8B.gguf");
    var runtime = open("runtimes = [\"llama=" + file + "\"]", true);
    models(runtime);

    assertThat(runtime.load(ModelId.of("broken-8B"), share -> {}).toCompletableFuture())
        .failsWithin(Duration.ofSeconds(60))
        .withThrowableThat()
        .withMessageContaining("error loading model: missing tensor");
  }

  @Test
  void showsWhatCannotBeServedWithTheReason() throws Exception {
    var models = Files.createDirectories(folder.resolve("models"));
    FakeGguf.llama().uint("split.count", 3).write(models.resolve("big-00001-of-00003.gguf"), 100);
    new FakeGguf().text("general.architecture", "bert").write(models.resolve("embedder.gguf"), 100);
    Files.writeString(models.resolve("text.gguf"), "no model");

    var runtime = open("runtimes = [\"llama=" + models + "\"]", true);

    assertThat(models(runtime))
        .extracting(model -> model.facts().id() + " " + model.state() + " " + model.reason())
        .satisfiesExactlyInAnyOrder(
            big -> assertThat(big).contains("big FAILED").contains("-00003.gguf is missing"),
            bert -> assertThat(bert).contains("embedder UNSUPPORTED bert models make no text"),
            text -> assertThat(text).contains("text UNSUPPORTED text.gguf is not a GGUF"));
  }

  @Test
  void whatToDoWhereTheProgramIsMissing() throws Exception {
    var file = gguf("Llama-3.1-8B-Q4_K_M.gguf");

    var model = models(open("runtimes = [\"llama=" + file + "\"]", false)).get(0);

    assertThat(model.state()).isEqualTo(ModelState.UNSUPPORTED);
    assertThat(model.reason()).contains("brew install llama.cpp");
  }

  @Test
  void nothingIsShownWhereNobodyAskedAndNothingIsInstalled() throws Exception {
    gguf("hub/models--x--y/snapshots/r/x.gguf");

    assertThat(models(open("", false))).isEmpty();
    assertThat(models(open("", true))).hasSize(1);
  }

  private Path gguf(String name) throws Exception {
    var file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return FakeGguf.llama().tensor("w", 1000, 1000).write(file, 5_000_000);
  }

  private static List<RuntimeModel> models(ModelRuntime runtime) throws Exception {
    return runtime.models().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private ModelRuntime open(String more, boolean installed) throws Exception {
    var bin = Files.createDirectories(folder.resolve(installed ? "bin" : "no-bin"));
    if (installed) {
      program(bin.resolve("llama-server"));
    }
    var reader =
        new SettingsReader(
            ConfigFactory.parseString(
                    "broke.node { mlx.enabled = false, process { tick = 20ms, stop-grace = 500ms }\n"
                        + more
                        + "}")
                .withFallback(ConfigFactory.defaultReference())
                .resolve());
    var settings = NodeRuntimeSettings.read(reader);
    assertThat(reader.problems()).isEmpty();
    var environment =
        Map.of("PATH", bin.toString(), "HF_HUB_CACHE", folder.resolve("hub").toString());
    var place =
        new RuntimePlace(
            new Hardware(Chip.parse("M2 Max").orElseThrow(), 1L << 36, 0, 8),
            environment,
            folder.resolve("data"),
            new SimpleMeterRegistry(),
            new MemoryLedger(new MemoryLimit(1L << 36, 48_000_000_000L)));
    runtimes = Runtimes.fromSettings(settings, place);
    return runtimes.get(0);
  }

  private static void program(Path file) throws Exception {
    Files.writeString(
        file,
        "#!/bin/sh\nexec '%s' -XX:TieredStopAtLevel=1 -cp '%s' %s \"$@\"\n"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                FakeLlamaMain.class.getName()));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
