package org.brokecluster.node.runtime.disk;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Writes heads of GGUF files as the format's specification has them; weights are holes. */
public final class FakeGguf {
  private final ByteArrayOutputStream values = new ByteArrayOutputStream();
  private final ByteArrayOutputStream tensors = new ByteArrayOutputStream();
  private long valueCount;
  private long tensorCount;

  /** Llama-3.1-8B at Q4_K_M as far as memory goes. */
  public static FakeGguf llama() {
    return new FakeGguf()
        .text("general.architecture", "llama")
        .uint("general.file_type", 15)
        .uint("llama.block_count", 32)
        .uint("llama.context_length", 131_072)
        .uint("llama.embedding_length", 4096)
        .uint("llama.attention.head_count", 32)
        .uint("llama.attention.head_count_kv", 8)
        .real("llama.rope.freq_base", 500_000)
        .texts("tokenizer.ggml.tokens", 1000)
        .text("tokenizer.chat_template", "{{ messages }}{% if tools %}{% endif %}");
  }

  public FakeGguf text(String key, String value) {
    begin(key, 8);
    string(values, value);
    return this;
  }

  public FakeGguf uint(String key, int value) {
    begin(key, 4);
    number(values, value, 4);
    return this;
  }

  public FakeGguf real(String key, float value) {
    begin(key, 6);
    number(values, Float.floatToIntBits(value), 4);
    return this;
  }

  public FakeGguf uints(String key, int... list) {
    begin(key, 9);
    number(values, 4, 4);
    number(values, list.length, 8);
    for (int value : list) {
      number(values, value, 4);
    }
    return this;
  }

  /** A list of so many texts. */
  public FakeGguf texts(String key, int count) {
    begin(key, 9);
    number(values, 8, 4);
    number(values, count, 8);
    for (int i = 0; i < count; i++) {
      string(values, "token" + i);
    }
    return this;
  }

  public FakeGguf tensor(String name, long... shape) {
    tensorCount++;
    string(tensors, name);
    number(tensors, shape.length, 4);
    for (long dimension : shape) {
      number(tensors, dimension, 8);
    }
    number(tensors, 0, 4);
    number(tensors, 0, 8);
    return this;
  }

  /** The head. */
  public byte[] bytes() {
    var out = new ByteArrayOutputStream();
    out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    number(out, 3, 4);
    number(out, tensorCount, 8);
    number(out, valueCount, 8);
    out.writeBytes(values.toByteArray());
    out.writeBytes(tensors.toByteArray());
    return out.toByteArray();
  }

  /** Writes a file with this head and so many bytes in all. */
  public Path write(Path file, long size) throws IOException {
    try (var out = new RandomAccessFile(file.toFile(), "rw")) {
      out.write(bytes());
      out.setLength(Math.max(size, out.length()));
    }
    return file;
  }

  private void begin(String key, int type) {
    valueCount++;
    string(values, key);
    number(values, type, 4);
  }

  private static void string(ByteArrayOutputStream out, String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    number(out, bytes.length, 8);
    out.writeBytes(bytes);
  }

  private static void number(ByteArrayOutputStream out, long value, int bytes) {
    var buffer = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
    out.write(buffer.array(), 0, bytes);
  }
}
