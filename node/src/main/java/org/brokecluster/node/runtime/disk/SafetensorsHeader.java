package org.brokecluster.node.runtime.disk;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What the head of a safetensors file tells: eight bytes with its length, then JSON with a shape
 * and a place for each tensor.
 *
 * @param bytes size the whole file must have
 * @param parameters number of weights; packed ones counted as what they stand for
 */
public record SafetensorsHeader(long bytes, long parameters) {
  /** Longest head that the format's own library reads. */
  private static final int HEAD_MAX = 100_000_000;

  private static final int LENGTH_BYTES = 8;
  private static final int DEFAULT_GROUP = 64;
  private static final String SCALES = ".scales";
  private static final String BIASES = ".biases";
  private static final String WEIGHT = ".weight";

  /**
   * Reads the head of a file.
   *
   * @param groupSize weights that share a scale in a quantised model, 0 if it is not quantised
   * @throws IOException if the file is no whole safetensors file; the message is for people
   */
  static SafetensorsHeader read(Path file, int groupSize) throws IOException {
    var name = String.valueOf(file.getFileName());
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      var length = read(channel, LENGTH_BYTES, 0, name).order(ByteOrder.LITTLE_ENDIAN).getLong();
      if (length < 2 || length > HEAD_MAX || length > size - LENGTH_BYTES) {
        throw new IOException(name + " is not a whole safetensors file: its head is cut or wrong");
      }
      var json = read(channel, (int) length, LENGTH_BYTES, name).array();
      var header = of(JsonFiles.parse(json, name), LENGTH_BYTES + length, groupSize, name);
      if (size < header.bytes()) {
        throw new IOException(
            "%s is cut off: it has %d of %d bytes".formatted(name, size, header.bytes()));
      }
      return header;
    }
  }

  private static ByteBuffer read(FileChannel channel, int count, long from, String name)
      throws IOException {
    var buffer = ByteBuffer.allocate(count);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, from + buffer.position()) < 0) {
        throw new IOException(name + " is cut off");
      }
    }
    return buffer.flip();
  }

  private static SafetensorsHeader of(JsonNode head, long dataFrom, int groupSize, String name)
      throws IOException {
    long end = 0;
    long parameters = 0;
    for (var entry : head.properties()) {
      if (entry.getKey().equals("__metadata__")) {
        continue;
      }
      var tensor = entry.getValue();
      long to = tensor.path("data_offsets").path(1).asLong(-1);
      long count = count(tensor.path("shape"));
      if (to < 0 || count < 0) {
        throw new IOException(name + " has a broken head");
      }
      end = Math.max(end, to);
      parameters += weights(head, entry.getKey(), count, groupSize);
    }
    return new SafetensorsHeader(dataFrom + end, parameters);
  }

  /** Weights that a tensor stands for: packed ones are known by their scales. */
  private static long weights(JsonNode head, String tensor, long count, int groupSize) {
    if (tensor.endsWith(SCALES)) {
      return count * (groupSize > 0 ? groupSize : DEFAULT_GROUP);
    }
    boolean packed =
        tensor.endsWith(WEIGHT)
            && head.has(tensor.substring(0, tensor.length() - WEIGHT.length()) + SCALES);
    boolean bias =
        tensor.endsWith(BIASES)
            && head.has(tensor.substring(0, tensor.length() - BIASES.length()) + SCALES);
    return packed || bias ? 0 : count;
  }

  private static long count(JsonNode shape) {
    if (!shape.isArray()) {
      return -1;
    }
    long count = 1;
    try {
      for (var dimension : shape) {
        count = Math.multiplyExact(count, dimension.asLong(-1));
      }
    } catch (ArithmeticException e) {
      return -1;
    }
    return count;
  }

  /** The first bytes of a file as text, to tell what it is. */
  static String magic(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      var start = ByteBuffer.allocate(LENGTH_BYTES);
      channel.read(start, 0);
      return new String(start.array(), 0, start.position(), StandardCharsets.ISO_8859_1);
    }
  }
}
