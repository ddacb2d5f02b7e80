package org.brokecluster.node.runtime.disk;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.brokecluster.shared.hardware.ModelSize;

/**
 * What the head of a GGUF file tells: a magic number, a version, then keys with values, then name
 * and shape of each tensor. Only keys that matter here are kept; all counts are bounded.
 *
 * @param architecture such as {@code llama}
 * @param parameters number of weights in this file
 * @param parts files the model is spread over, 1 if it is whole
 * @param template the chat template, empty if there is none
 */
public record GgufFile(
    String architecture,
    long parameters,
    int parts,
    Optional<String> quantization,
    OptionalInt contextLength,
    Optional<KvCacheSize> cache,
    Optional<double[]> experts,
    String template) {
  private static final int MAGIC = 0x46554747; // "GGUF"
  private static final int OLD_MAGIC_GGML = 0x67676d6c;
  private static final int OLD_MAGIC_GGJT = 0x67676a74;
  private static final int OLD_MAGIC_GGMF = 0x67676d66;
  private static final long KEYS_MAX = 10_000;
  private static final long TENSORS_MAX = 200_000;
  private static final int DIMENSIONS_MAX = 8;
  private static final int BYTES_PER_VALUE = 2;
  private static final int LAYERS_MAX = 2048;

  /** Architectures that make no text. */
  private static final Set<String> NOT_FOR_TEXT =
      Set.of(
          "bert",
          "nomic-bert",
          "nomic-bert-moe",
          "jina-bert-v2",
          "modern-bert",
          "gemma-embedding",
          "clip",
          "t5encoder",
          "whisper",
          "wavtokenizer-dec",
          "flux",
          "sd1");

  /** Layers between two that look at everything, where the file itself does not say. */
  private static final Map<String, Integer> WINDOW_PATTERNS =
      Map.of("gemma2", 2, "gemma3", 6, "cohere2", 4, "gpt-oss", 2);

  /** Copies nothing: the array is never changed. */
  public GgufFile {
    if (parts < 1) {
      throw new IllegalArgumentException("parts must be at least 1: " + parts);
    }
  }

  /** Whether it can be asked for text. */
  public boolean makesText() {
    return !NOT_FOR_TEXT.contains(architecture);
  }

  /** Weights read for each token. */
  public long activeParameters(String name, long all) {
    var named = ModelSize.activeParametersIn(name);
    if (named.isPresent() && named.get() <= all) {
      return named.get();
    }
    return experts.map(e -> Math.max(1, Math.round(all * e[0] / e[1]))).orElse(all);
  }

  /**
   * Reads the head of a file. Blocks on the disk.
   *
   * @throws IOException if it is no GGUF file we can read; the message is for people
   */
  public static GgufFile read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(file.getFileName() + " is missing");
    }
    try (var in =
        new LittleEndianInput(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      return read(in, String.valueOf(file.getFileName()));
    } catch (java.io.EOFException e) {
      throw new IOException(file.getFileName() + " is cut off", e);
    }
  }

  private static GgufFile read(LittleEndianInput in, String name) throws IOException {
    int magic = in.int32();
    if (magic == OLD_MAGIC_GGML || magic == OLD_MAGIC_GGJT || magic == OLD_MAGIC_GGMF) {
      throw new IOException(name + " is in the old GGML format, which no runtime reads any longer");
    }
    int version = in.int32();
    if (magic != MAGIC || version < 2 || version > 9) {
      throw new IOException(name + " is not a GGUF file of a version known here");
    }
    long tensors = in.int64();
    long keys = in.int64();
    if (tensors < 0 || tensors > TENSORS_MAX || keys < 0 || keys > KEYS_MAX) {
      throw new IOException(name + " has a broken head");
    }
    var values = new HashMap<String, Object>();
    for (long i = 0; i < keys; i++) {
      var key = in.text(LittleEndianInput.NAME_MAX);
      GgufValues.read(in, key).ifPresent(value -> values.put(key, value));
    }
    long parameters = 0;
    for (long i = 0; i < tensors; i++) {
      parameters += parameters(in);
    }
    return of(new GgufValues(values), parameters);
  }

  private static long parameters(LittleEndianInput in) throws IOException {
    in.text(LittleEndianInput.NAME_MAX);
    int dimensions = in.int32();
    if (dimensions < 0 || dimensions > DIMENSIONS_MAX) {
      throw new IOException("a tensor has " + dimensions + " dimensions");
    }
    long count = 1;
    for (int i = 0; i < dimensions; i++) {
      try {
        count = Math.multiplyExact(count, in.int64());
      } catch (ArithmeticException e) {
        throw new IOException("a tensor has an impossible size", e);
      }
    }
    in.int32();
    in.int64();
    return Math.max(0, count);
  }

  private static GgufFile of(GgufValues values, long parameters) {
    var architecture = values.text("general.architecture");
    var prefix = architecture + ".";
    var used = values.number(prefix + "expert_used_count");
    var all = values.number(prefix + "expert_count");
    return new GgufFile(
        architecture,
        parameters,
        (int) Math.max(1, Math.min(1000, values.number("split.count").orElse(1))),
        GgufValues.fileType(values.number("general.file_type")),
        values.integer(prefix + "context_length"),
        cache(values, architecture),
        used.isPresent() && all.isPresent() && all.getAsLong() >= used.getAsLong()
            ? Optional.of(new double[] {used.getAsLong(), all.getAsLong()})
            : Optional.empty(),
        values.text("tokenizer.chat_template"));
  }

  private static Optional<KvCacheSize> cache(GgufValues values, String architecture) {
    var prefix = architecture + ".";
    long layers = values.number(prefix + "block_count").orElse(0);
    var heads = values.number(prefix + "attention.head_count");
    var kvHeads = values.perLayer(prefix + "attention.head_count_kv", layers, heads);
    if (layers < 1 || layers > LAYERS_MAX || kvHeads.length == 0) {
      return Optional.empty();
    }
    var size = headSizes(values, prefix, heads);
    if (size.isEmpty()) {
      return Optional.empty();
    }
    long window = values.number(prefix + "attention.sliding_window").orElse(0);
    int pattern = window > 0 ? WINDOW_PATTERNS.getOrDefault(architecture, 1) : 1;
    long perToken = 0;
    long perStream = 0;
    for (int layer = 0; layer < layers; layer++) {
      long bytes = BYTES_PER_VALUE * kvHeads[layer] * size.getAsLong();
      if ((layer + 1) % pattern == 0) {
        perToken += bytes;
      } else {
        perStream += bytes * window;
      }
    }
    return perToken > 0 ? Optional.of(new KvCacheSize(perToken, perStream)) : Optional.empty();
  }

  /** Values of a key and of a value together. */
  private static OptionalLong headSizes(GgufValues values, String prefix, OptionalLong heads) {
    var key = values.number(prefix + "attention.key_length");
    var value = values.number(prefix + "attention.value_length");
    if (key.isPresent() && value.isPresent()) {
      return OptionalLong.of(key.getAsLong() + value.getAsLong());
    }
    var width = values.number(prefix + "embedding_length");
    return heads.isPresent() && heads.getAsLong() > 0 && width.isPresent()
        ? OptionalLong.of(2 * (width.getAsLong() / heads.getAsLong()))
        : OptionalLong.empty();
  }
}
