package org.brokecluster.node.runtime.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(180)
class GgufFileTest {
  private static final long KIB = 1024;

  @TempDir private Path folder;

  @Test
  void readsWhatMatters() throws Exception {
    var file =
        FakeGguf.llama()
            .tensor("token_embd.weight", 4096, 1000)
            .tensor("blk.0.attn_q.weight", 4096, 4096)
            .write(folder.resolve("m.gguf"), 10_000);

    var read = GgufFile.read(file);

    assertThat(read.architecture()).isEqualTo("llama");
    assertThat(read.quantization()).contains("Q4_K_M");
    assertThat(read.contextLength()).hasValue(131_072);
    assertThat(read.parameters()).isEqualTo(4096L * 1000 + 4096L * 4096);
    assertThat(read.cache()).contains(new KvCacheSize(128 * KIB, 0));
    assertThat(read.template()).contains("tools");
    assertThat(read.makesText()).isTrue();
  }

  @Test
  void countsOnlyLayersThatGrow() throws Exception {
    var gemma =
        new FakeGguf()
            .text("general.architecture", "gemma3")
            .uint("gemma3.block_count", 12)
            .uint("gemma3.attention.head_count", 8)
            .uint("gemma3.attention.head_count_kv", 4)
            .uint("gemma3.attention.key_length", 256)
            .uint("gemma3.attention.value_length", 256)
            .uint("gemma3.attention.sliding_window", 1024);
    assertThat(read(gemma).cache()).contains(new KvCacheSize(2 * 4 * KIB, 10 * 4 * KIB * 1024));

    var hybrid =
        new FakeGguf()
            .text("general.architecture", "lfm2")
            .uint("lfm2.block_count", 4)
            .uint("lfm2.attention.head_count", 32)
            .uints("lfm2.attention.head_count_kv", 0, 0, 8, 0)
            .uint("lfm2.embedding_length", 2048);
    assertThat(read(hybrid).cache()).contains(new KvCacheSize(8 * 128 * 2, 0));
  }

  @Test
  void aMixtureReadsAPartOfItsWeights() throws Exception {
    var mixture =
        new FakeGguf()
            .text("general.architecture", "qwen3moe")
            .uint("qwen3moe.expert_count", 128)
            .uint("qwen3moe.expert_used_count", 8);

    assertThat(read(mixture).activeParameters("x", 128_000)).isEqualTo(8_000);
    assertThat(read(mixture).activeParameters("Qwen3-30B-A3B", 30_000_000_000L))
        .isEqualTo(3_000_000_000L);
  }

  @Test
  void knowsWhatMakesNoText() throws Exception {
    assertThat(read(new FakeGguf().text("general.architecture", "bert")).makesText()).isFalse();
  }

  @Test
  void oldAndOtherFilesAreNamedAsSuch() throws Exception {
    Files.write(folder.resolve("old.bin"), new byte[] {'l', 'm', 'g', 'g', 1, 0, 0, 0});
    Files.writeString(folder.resolve("text.gguf"), "hello, this is no model at all");
    Files.write(folder.resolve("empty.gguf"), new byte[0]);

    assertProblem("old.bin", "old GGML format");
    assertProblem("text.gguf", "not a GGUF file");
    assertProblem("empty.gguf", "cut off");
    assertProblem("missing.gguf", "is missing");
  }

  @Test
  void hostileHeadsAreRefusedWithoutBelievingTheirNumbers() throws Exception {
    var endless = new FakeGguf().text("k", "v").bytes();
    for (int i = 8; i < 24; i++) {
      endless[i] = (byte) 0x7f;
    }
    Files.write(folder.resolve("counts.gguf"), endless);
    assertProblem("counts.gguf", "broken head");

    var huge = new FakeGguf().tensor("w", Long.MAX_VALUE / 2, 9, 9);
    assertThatThrownBy(() -> read(huge)).hasMessageContaining("impossible size");

    var dimensions = new FakeGguf().tensor("w", 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    assertThatThrownBy(() -> read(dimensions)).hasMessageContaining("dimensions");

    var layers =
        new FakeGguf()
            .text("general.architecture", "x")
            .uint("x.block_count", Integer.MAX_VALUE)
            .uint("x.attention.head_count", 1)
            .uint("x.embedding_length", 1);
    assertThat(read(layers).cache()).isEmpty();
  }

  static LongStream seeds() {
    return LongStream.range(0, 150);
  }

  /** Whatever is changed or cut: it is read, or refused with a word. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aDamagedHeadIsReadOrRefused(long seed) throws Exception {
    var random = new Random(seed);
    var bytes = FakeGguf.llama().tensor("a", 3, 4).bytes();
    for (int i = 0; i < 1 + random.nextInt(8); i++) {
      // The vocabulary is long and dull; damage elsewhere tells more.
      int at = random.nextBoolean() ? random.nextInt(600) : bytes.length - 1 - random.nextInt(200);
      bytes[Math.floorMod(at, bytes.length)] = (byte) random.nextInt();
    }
    int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length;
    var file = folder.resolve("damaged.gguf");
    Files.write(file, java.util.Arrays.copyOf(bytes, length));

    try {
      assertThat(GgufFile.read(file).parts()).isPositive();
    } catch (IOException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @Test
  void findsFilesWhereverTheyMayBe() throws Exception {
    var cache = new FakeModels(Files.createDirectories(folder.resolve("hub")));
    var snapshot = cache.folder("bartowski/Llama-GGUF");
    Files.writeString(snapshot.resolve("Llama-Q4_K_M.gguf"), "");
    Files.writeString(snapshot.resolve("mmproj-Llama.gguf"), "");
    var models = Files.createDirectories(folder.resolve("models/deep"));
    Files.writeString(models.resolve("big-00001-of-00003.gguf"), "");
    Files.writeString(models.resolve("big-00002-of-00003.gguf"), "");
    Files.writeString(models.resolve("notes.txt"), "");
    Files.createSymbolicLink(models.resolve("loop"), folder.resolve("models"));
    var single = Files.writeString(folder.resolve("single.gguf"), "");
    var places = new ModelPlaces(List.of(cache.cache()), List.of(folder.resolve("models")));

    var found = new GgufFinder(places, List.of(single, folder.resolve("gone.gguf"))).find();

    assertThat(found).containsOnlyKeys("single", "gone", "big", "Llama-Q4_K_M");
    assertThat(GgufFinder.parts(models.resolve("big-00001-of-00003.gguf"), 3))
        .extracting(path -> path.getFileName().toString())
        .containsExactly(
            "big-00001-of-00003.gguf", "big-00002-of-00003.gguf", "big-00003-of-00003.gguf");
  }

  private GgufFile read(FakeGguf gguf) throws IOException {
    return GgufFile.read(gguf.write(folder.resolve("read.gguf"), 0));
  }

  private void assertProblem(String file, String reason) {
    assertThatThrownBy(() -> GgufFile.read(folder.resolve(file)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(reason);
  }
}
