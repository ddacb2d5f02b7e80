package org.brokecluster.node.runtime.mlx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.brokecluster.node.memory.CachePlan;
import org.brokecluster.node.memory.MemoryLimit;
import org.brokecluster.node.memory.MemorySettings;
import org.brokecluster.node.runtime.disk.FakeModels;
import org.brokecluster.node.runtime.disk.ModelFinder;
import org.brokecluster.node.runtime.disk.ModelPlaces;
import org.brokecluster.node.runtime.process.ShelfModel;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.shared.config.SettingsReader;
import org.brokecluster.shared.hardware.Chip;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MlxShelfTest {
  private static final String NAME = "mlx-community/Qwen3-4B-4bit";

  @TempDir private Path folder;

  private final AtomicLong nanos = new AtomicLong();
  private FakeModels models;
  private boolean ggufServed;

  @BeforeEach
  void install() throws Exception {
    models = new FakeModels(Files.createDirectories(folder.resolve("hub")));
    models.model(NAME, 2_000_000);
    models.model("x/new-thing", 2_000, FakeModels.CONFIG.replace("qwen3", "qwen9"));
    var site = Files.createDirectories(folder.resolve("mlx_lm/models"));
    Files.writeString(site.resolve("qwen3.py"), "");
    Files.writeString(site.resolve("../server.py"), "--decode-concurrency --prompt-cache-bytes");
  }

  @Test
  void listsWhatTheInstalledVersionCanRun() throws Exception {
    python("0.31.3");

    var shelf = shelf(true);
    var all = shelf.scan().stream().collect(Collectors.toMap(m -> m.id().value(), m -> m));

    assertThat(all).containsOnlyKeys(NAME, "x/new-thing");
    assertThat(all.get(NAME).problem()).isNull();
    assertThat(all.get(NAME).speed().decodeTokensPerSecond()).isPositive();
    var unknown = all.get("x/new-thing").problem();
    assertThat(unknown).isNotNull();
    assertThat(unknown.state()).isEqualTo(ModelState.UNSUPPORTED);
    assertThat(unknown.reason()).contains("mlx-lm 0.31.3", "architecture qwen9");
  }

  @Test
  void tellsTheServerOnlyWhatItUnderstands() throws Exception {
    python("0.31.3");
    var shelf = shelf(true);
    var model = model(shelf);
    var memory = new MemoryLimit(1L << 36, 1L << 35);
    var plan = CachePlan.of(model.need(), memory, MemorySettings.read(reader("")));

    var launch = shelf.launch(model, plan, 4711);

    assertThat(launch.command())
        .startsWith(folder.resolve("python3").toString(), "-m", "mlx_lm", "server", "--model")
        .containsSequence("--host", "127.0.0.1", "--port", "4711")
        .containsSequence("--decode-concurrency", "4")
        .contains("--prompt-cache-bytes", "--extra")
        .doesNotContain("--prompt-concurrency", "--log-level", "DEBUG");
    assertThat(launch.environment()).containsEntry("HF_HUB_OFFLINE", "1");
  }

  @Test
  void offersToRenderChatsWhereItIsSureOfTheServersPython() throws Exception {
    python("0.31.3");
    var shelf = shelf(true);
    assertThat(model(shelf).abilities()).contains(Ability.CHAT_TEMPLATE);
    assertThat(shelf.renderer(model(shelf))).isPresent();

    for (var other : List.of("renders-max = 0", "options = [\"--chat-template\", \"x\"]")) {
      var unsure = shelf(true, other);
      assertThat(model(unsure).abilities()).doesNotContain(Ability.CHAT_TEMPLATE);
      assertThat(unsure.renderer(model(unsure))).isEmpty();
    }
  }

  @Test
  void looksAgainForAnInstallationThatComesLater() throws Exception {
    var shelf = shelf(true);
    assertThat(model(shelf).problem().state()).isEqualTo(ModelState.UNSUPPORTED);
    assertThat(model(shelf).problem().reason()).contains("python3");

    python("0.31.3");
    assertThat(model(shelf).problem()).isNotNull();
    nanos.addAndGet(120_000_000_000L);
    assertThat(model(shelf).problem()).isNull();
  }

  @Test
  void showsNothingWhereNobodyExpectsMlx() {
    assertThat(shelf(false).scan()).isEmpty();
  }

  @Test
  void leavesGgufToWhoeverServesIt() throws Exception {
    python("0.31.3");
    var gguf = models.model("x/some-GGUF", 2);
    Files.delete(gguf.resolve("model.safetensors"));
    Files.writeString(gguf.resolve("some.Q4_K_M.gguf"), "GGUF");
    assertThat(shelf(true).scan()).extracting(m -> m.id().value()).contains("x/some-GGUF");

    ggufServed = true;
    assertThat(shelf(true).scan()).extracting(m -> m.id().value()).doesNotContain("x/some-GGUF");
  }

  @Test
  void believesMlxKnifeWhereItFindsFault() throws Exception {
    var said =
        """
        {"status": "success", "command": "list", "error": null, "data": {"count": 4, "models": [
          {"name": "a", "health": "healthy", "runtime_compatible": true, "reason": null},
          {"name": "b", "health": "unhealthy", "runtime_compatible": false, "reason": "LFS pointers"},
          {"name": "c", "health": "healthy", "runtime_compatible": false, "reason": "too new"},
          {"name": 5, "health": ["x"]}]}}
        """;

    var problems = MlxHealth.parse(said);

    assertThat(problems).containsOnlyKeys("b", "c");
    assertThat(problems.get("b").state()).isEqualTo(ModelState.FAILED);
    assertThat(problems.get("b").reason()).isEqualTo("mlx-knife says: LFS pointers");
    assertThat(problems.get("c").state()).isEqualTo(ModelState.UNSUPPORTED);
    for (var nonsense :
        List.of("", "usage: mlxk", "[]", "{\"status\":\"error\"}", "{".repeat(9999))) {
      assertThatThrownBy(() -> MlxHealth.parse(nonsense)).isInstanceOf(java.io.IOException.class);
    }
  }

  @Test
  void asksMlxKnifeOnThePathAndGoesOnWhereItMakesNoSense() throws Exception {
    python("0.31.3");
    script(
        "mlxk",
        "echo '{\"status\":\"success\",\"data\":{\"models\":[{\"name\":\"%s\",\"health\":\"unhealthy\",\"reason\":\"torn\"}]}}'"
            .formatted(NAME));
    assertThat(model(shelf(true)).problem().reason()).contains("torn");

    script("mlxk", "echo nonsense; exit 3");
    assertThat(model(shelf(true)).problem()).isNull();
  }

  private ShelfModel model(MlxShelf shelf) {
    return shelf.scan().stream().filter(m -> m.id().value().equals(NAME)).findFirst().orElseThrow();
  }

  private MlxShelf shelf(boolean showsWithout) {
    return shelf(showsWithout, "options = [\"--extra\"]");
  }

  private MlxShelf shelf(boolean showsWithout, String more) {
    var settings =
        MlxSettings.read(
            reader("mlx { python = \"%s\", %s }".formatted(folder.resolve("python3"), more)));
    return new MlxShelf(
        settings,
        Map.of("HOME", folder.toString(), "PATH", folder.toString()),
        new ModelFinder(new ModelPlaces(List.of(models.cache()), List.of())),
        Chip.parse("M2").orElseThrow(),
        showsWithout,
        () -> ggufServed,
        nanos::get);
  }

  private static SettingsReader reader(String node) {
    return new SettingsReader(
        ConfigFactory.parseString("broke.node {\n" + node + "\n}")
            .withFallback(ConfigFactory.defaultReference())
            .resolve());
  }

  private void python(String version) throws Exception {
    var answer =
        "{\"version\": \"%s\", \"folder\": \"%s\"}".formatted(version, folder.resolve("mlx_lm"));
    script("python3", "echo '" + answer + "'");
  }

  private void script(String name, String body) throws Exception {
    var file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
