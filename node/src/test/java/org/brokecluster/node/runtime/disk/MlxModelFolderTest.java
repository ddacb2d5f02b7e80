package org.brokecluster.node.runtime.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.ModelState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class MlxModelFolderTest {
  private static final String NAME = "mlx-community/Qwen3-4B-4bit";

  @TempDir private Path hub;

  private FakeModels models;

  @BeforeEach
  void open() {
    models = new FakeModels(hub);
  }

  @Test
  void readsAWholeModel() throws Exception {
    models.model(NAME, 2_000_000);

    var model = read(NAME);

    assertThat(model.problem()).isNull();
    assertThat(model.architecture()).isEqualTo("qwen3");
    assertThat(model.quantization()).contains("4bit");
    assertThat(model.contextLength()).hasValue(40960);
    assertThat(model.cache()).contains(new KvCacheSize(144 * 1024, 0));
    assertThat(model.bytes()).isBetween(2_000_000L, 2_001_000L);
    assertThat(model.abilities())
        .contains(Ability.CHAT, Ability.TOOLS, Ability.COMPLETION)
        .doesNotContain(Ability.JSON_SCHEMA, Ability.LOGPROBS);
  }

  @Test
  void countsPackedWeightsByTheirScales() throws Exception {
    var folder = models.model(NAME, 2);
    // A matrix of 128 x 256 at 4 bit: 32 words a row, 4 groups of 64 a row.
    FakeModels.safetensors(
        folder.resolve("model.safetensors").toRealPath(),
        "{'a.weight':{'dtype':'U32','shape':[128,32],'data_offsets':[0,16384]},"
            .concat("'a.scales':{'dtype':'BF16','shape':[128,4],'data_offsets':[16384,17408]},")
            .concat("'a.biases':{'dtype':'BF16','shape':[128,4],'data_offsets':[17408,18432]},")
            .concat("'norm.weight':{'dtype':'BF16','shape':[256],'data_offsets':[18432,18944]}}")
            .replace('\'', '"'),
        18944);

    assertThat(read(NAME).parameters()).contains(128L * 256 + 256);
  }

  @Test
  void readsShardsAndBelievesTheIndexAboutTheirNumber() throws Exception {
    var folder = models.model(NAME, 2);
    Files.delete(folder.resolve("model.safetensors"));
    index(folder, "model-1.safetensors", "model-2.safetensors");
    FakeModels.linked(folder, "model-1.safetensors", 1000);
    FakeModels.linked(folder, "model-2.safetensors", 3000);

    var model = read(NAME);

    assertThat(model.problem()).isNull();
    assertThat(model.parameters()).contains(4_022_468_096L);
    assertThat(model.bytes()).isGreaterThan(4000);
  }

  @Test
  void anUnfinishedDownloadSaysWhatIsMissing() throws Exception {
    var folder = models.model(NAME, 2);
    Files.delete(folder.resolve("model.safetensors"));
    index(folder, "model-1.safetensors", "model-2.safetensors", "model-3.safetensors");
    FakeModels.linked(folder, "model-1.safetensors", 1000);
    Files.createSymbolicLink(
        folder.resolve("model-2.safetensors"), Path.of("../../blobs/not-there"));
    Files.writeString(folder.resolve("../../blobs/abc.incomplete"), "");

    var problem = problem(NAME);

    assertThat(problem.state()).isEqualTo(ModelState.FAILED);
    assertThat(problem.reason())
        .contains("2 of 3 files of weights are missing", "download is under way or was broken off")
        .contains("./broke pull " + NAME);
  }

  @Test
  void aFileThatIsCutOffIsFoundByItsHead() throws Exception {
    var blob = FakeModels.linked(models.model(NAME, 2), "model.safetensors", 5000);
    try (var file = new java.io.RandomAccessFile(blob.toFile(), "rw")) {
      file.setLength(2000);
    }

    assertThat(problem(NAME).reason()).contains("model.safetensors is cut off: it has 2000 of");
    assertThat(problem(NAME).state()).isEqualTo(ModelState.FAILED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.Q4_K_M.gguf=GGUF",
        "model.onnx=ONNX",
        "ggml-model-q4_0.bin=old GGML",
        "pytorch_model.bin=no safetensors",
        "weights.npz=no safetensors"
      })
  void otherFormatsAreRecognised(String fileAndReason) throws Exception {
    var parts = fileAndReason.split("=", 2);
    var folder = models.model(NAME, 2);
    Files.delete(folder.resolve("model.safetensors"));
    Files.writeString(folder.resolve(parts[0]), "x");

    assertThat(problem(NAME).state()).isEqualTo(ModelState.UNSUPPORTED);
    assertThat(problem(NAME).reason()).contains(parts[1]);
  }

  @Test
  void whatIsNoWholeModelIsNotTakenForOne() throws Exception {
    Files.delete(models.model("a/no-tokenizer", 2).resolve("tokenizer.json"));
    Files.delete(models.folder("a/no-tokenizer").resolve("tokenizer_config.json"));
    var adapter = models.model("a/adapter", 2);
    Files.delete(adapter.resolve("config.json"));
    Files.writeString(adapter.resolve("adapter_config.json"), "{}");
    models.model("a/typeless", 2, "{}");
    models.model("a/bge-embedding", 2);
    models.folder("a/empty");
    var note = models.model("a/lfs", 2).resolve("model.safetensors").toRealPath();
    Files.writeString(note, "version https://git-lfs.github.com/spec/v1\noid sha256:0\n");

    assertThat(problem("a/no-tokenizer").reason()).contains("tokenizer's files are missing");
    assertThat(problem("a/adapter").state()).isEqualTo(ModelState.UNSUPPORTED);
    assertThat(problem("a/typeless").reason()).contains("no model_type");
    assertThat(problem("a/bge-embedding").reason()).contains("embeddings");
    assertThat(problem("a/empty").state()).isEqualTo(ModelState.FAILED);
    assertThat(problem("a/empty").reason()).contains("config.json is missing");
    assertThat(problem("a/lfs").reason()).contains("Git LFS note");
  }

  @Test
  void hostileFilesCostNobodyButTheirModel() throws Exception {
    models.model("a/deep", 2, "{\"a\":".repeat(200_000));
    models.model("a/array", 2, "[1, 2]");
    models.model("a/text", 2, "no json at all");
    hole(models.model("a/long", 2).resolve("config.json"), 1L << 34);
    var device = models.model("a/device", 2).resolve("config.json");
    Files.delete(device);
    Files.createSymbolicLink(device, Path.of("/dev/zero"));
    var loop = models.model("a/loop", 2).resolve("config.json");
    Files.delete(loop);
    Files.createSymbolicLink(loop, loop);
    var away = models.model("a/away", 2);
    Files.delete(away.resolve("model.safetensors"));
    index(away, "../../../../etc/passwd.safetensors");
    head("a/head-length", Long.MAX_VALUE);
    head("a/head-negative", -5);
    head("a/head-zero", 0);
    var shape =
        "{\"w\":{\"dtype\":\"U8\",\"shape\":[4611686018427387904,99],\"data_offsets\":[0,1]}}";
    FakeModels.safetensors(models.model("a/shape", 2).resolve("model.safetensors"), shape, 1);
    models.model("a/fine", 2);

    for (var bad :
        List.of(
            "deep",
            "array",
            "text",
            "long",
            "device",
            "loop",
            "away",
            "head-length",
            "head-negative",
            "head-zero",
            "shape")) {
      var problem = problem("a/" + bad);
      assertThat(problem.reason()).as(bad).isNotBlank().hasSizeLessThan(300);
    }
    assertThat(read("a/fine").problem()).isNull();
  }

  @Test
  void unchangedFoldersAreNotReadAgain() throws Exception {
    models.model(NAME, 2_000);
    var cache = new FolderCache();
    var folders = find();
    var first = cache.read(folders).get(0);

    assertThat(cache.read(folders).get(0)).isSameAs(first);

    var config = folders.get(0).path().resolve("config.json");
    Files.writeString(config, FakeModels.CONFIG.replace("40960", "1024"));
    Files.setLastModifiedTime(
        config,
        java.nio.file.attribute.FileTime.from(
            Files.getLastModifiedTime(config).toInstant().plus(Duration.ofSeconds(5))));
    assertThat(cache.read(folders).get(0).contextLength()).hasValue(1024);
  }

  @Test
  void findsModelsInFoldersOfAnyDepth(@TempDir Path other) throws Exception {
    models.model(NAME, 2);
    plain(other.resolve("single"));
    plain(other.resolve("studio/owner/model"));
    plain(other.resolve("hidden/.trash/model"));
    Files.createSymbolicLink(other.resolve("studio/loop"), other);
    var second = new FakeModels(Files.createDirectories(other.resolve("second")));
    second.model("x/y--z", 2);
    second.model(NAME, 2);
    var places = new ModelPlaces(List.of(hub), List.of(other, other.resolve("missing")));

    var found = new ModelFinder(places).find();

    assertThat(found)
        .extracting(ModelFolder::name)
        .containsExactlyInAnyOrder(NAME, "x/y/z", "single", "studio/owner/model");
    assertThat(found.get(0).path()).startsWith(hub);
    assertThat(new ModelFinder(new ModelPlaces(List.of(), List.of(other.resolve("single")))).find())
        .extracting(ModelFolder::name)
        .containsExactly("single");
  }

  @Test
  void aRevisionThatPointsOutsideIsNotFollowed() throws Exception {
    var folder = models.model(NAME, 2);
    var ref = folder.resolve("../../refs/main").normalize();
    Files.writeString(ref, "../../../../../../etc");

    assertThat(find().get(0).path()).isEqualTo(folder);

    Files.writeString(ref, "x".repeat(5000));
    assertThat(find().get(0).path()).isEqualTo(folder);
  }

  @Test
  void looksWhereTheEnvironmentSays() {
    var home = Map.of("HOME", "/h");
    assertThat(ModelPlaces.of(List.of(), home).caches())
        .containsExactly(Path.of("/h/.cache/huggingface/hub"));
    assertThat(ModelPlaces.of(List.of(), Map.of("HOME", "/h", "HF_HOME", "~/hf")).caches())
        .containsExactly(Path.of("/h/hf/hub"));
    assertThat(
            ModelPlaces.of(List.of(), Map.of("HF_HOME", "/x", "HF_HUB_CACHE", "/y/hub")).caches())
        .containsExactly(Path.of("/y/hub"));
    assertThat(ModelPlaces.of(List.of(Path.of("~/models")), home).folders())
        .containsExactly(Path.of("/h/models"));
  }

  private List<ModelFolder> find() {
    return new ModelFinder(new ModelPlaces(List.of(hub), List.of())).find();
  }

  private MlxModelFolder read(String name) {
    return find().stream()
        .filter(folder -> folder.name().equals(name))
        .map(MlxModelFolder::read)
        .findFirst()
        .orElseThrow();
  }

  private MlxModelFolder.Problem problem(String name) {
    var problem = read(name).problem();
    if (problem == null) {
      throw new AssertionError("no problem with " + name);
    }
    return problem;
  }

  private static void index(Path folder, String... files) throws IOException {
    var map = new StringBuilder();
    for (var file : files) {
      map.append(map.isEmpty() ? "" : ",").append("\"w%d\":\"%s\"".formatted(map.length(), file));
    }
    Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        "{\"metadata\":{\"total_size\":1,\"total_parameters\":4022468096},\"weight_map\":{"
            + map
            + "}}");
  }

  private void head(String name, long length) throws IOException {
    var bytes = java.nio.ByteBuffer.allocate(64).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(length);
    Files.write(models.model(name, 2).resolve("model.safetensors"), bytes.array());
  }

  private static void hole(Path file, long size) throws IOException {
    try (var out = new java.io.RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(size);
    }
  }

  private static void plain(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.json"), FakeModels.CONFIG);
  }
}
