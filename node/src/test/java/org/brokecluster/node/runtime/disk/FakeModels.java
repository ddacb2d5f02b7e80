package org.brokecluster.node.runtime.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Writes models as the Hugging Face cache holds them; their weights are holes in files. */
public final class FakeModels {
  public static final String REVISION = "0123456789abcdef0123456789abcdef01234567";

  /** Qwen3-4B as far as memory goes. */
  public static final String CONFIG =
      """
      {"model_type": "qwen3", "num_hidden_layers": 36, "num_attention_heads": 32,
       "num_key_value_heads": 8, "head_dim": 128, "hidden_size": 2560,
       "max_position_embeddings": 40960, "torch_dtype": "bfloat16",
       "quantization": {"group_size": 64, "bits": 4}}
      """;

  private final Path cache;

  /** In this folder, as {@code HF_HUB_CACHE} would name it. */
  public FakeModels(Path cache) {
    this.cache = cache;
  }

  public Path cache() {
    return cache;
  }

  /** The folder of a model's files, made with links into the blobs as the real cache has it. */
  public Path folder(String name) throws IOException {
    var entry = cache.resolve("models--" + name.replace("/", "--"));
    var snapshot = entry.resolve("snapshots").resolve(REVISION);
    Files.createDirectories(snapshot);
    Files.createDirectories(entry.resolve("blobs"));
    Files.createDirectories(entry.resolve("refs"));
    Files.writeString(entry.resolve("refs").resolve("main"), REVISION);
    return snapshot;
  }

  /** A whole model in a single file of weights. */
  public Path model(String name, long weightBytes) throws IOException {
    return model(name, weightBytes, CONFIG);
  }

  /** A whole model with this config. */
  public Path model(String name, long weightBytes, String config) throws IOException {
    var folder = folder(name);
    Files.writeString(folder.resolve("config.json"), config);
    Files.writeString(folder.resolve("tokenizer.json"), "{}");
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"chat_template\": \"{% if tools %}{{ messages }}{% endif %}\"}");
    linked(folder, "model.safetensors", weightBytes);
    return folder;
  }

  /** A file of weights behind a link, with one tensor of the given size. */
  public static Path linked(Path folder, String name, long weightBytes) throws IOException {
    var blob = folder.resolve("../../blobs").resolve("blob-" + name).normalize();
    safetensors(blob, weightBytes);
    Files.deleteIfExists(folder.resolve(name));
    Files.createSymbolicLink(folder.resolve(name), Path.of("../../blobs/blob-" + name));
    return blob;
  }

  /** A whole safetensors file of about so many bytes: one tensor of bf16. */
  public static void safetensors(Path file, long bytes) throws IOException {
    long count = Math.max(1, bytes / 2);
    var head =
        String.format(
            Locale.ROOT,
            "{\"__metadata__\":{\"format\":\"mlx\"},\"model.embed.weight\":"
                + "{\"dtype\":\"BF16\",\"shape\":[%d],\"data_offsets\":[0,%d]}}",
            count,
            2 * count);
    safetensors(file, head, 2 * count);
  }

  /** A safetensors file with this head and so many bytes behind it. */
  public static void safetensors(Path file, String head, long dataBytes) throws IOException {
    var json = head.getBytes(StandardCharsets.UTF_8);
    var start = ByteBuffer.allocate(8 + json.length).order(ByteOrder.LITTLE_ENDIAN);
    start.putLong(json.length).put(json);
    try (var out = new RandomAccessFile(file.toFile(), "rw")) {
      out.write(start.array());
      out.setLength(start.capacity() + dataBytes);
    }
  }
}
