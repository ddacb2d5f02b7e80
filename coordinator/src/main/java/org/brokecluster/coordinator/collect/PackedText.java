package org.brokecluster.coordinator.collect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** JSON objects as few bytes: gzip over UTF-8. */
public final class PackedText {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** More is no text of ours but an attack on the memory. */
  private static final int UNPACKED_MAX = 32 << 20;

  private PackedText() {}

  /** The object, packed. */
  public static byte[] pack(JsonNode json) {
    var bytes = new ByteArrayOutputStream(1024);
    try (var out = new GZIPOutputStream(bytes)) {
      MAPPER.writeValue(out, json);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail to be written", e);
    }
    return bytes.toByteArray();
  }

  /**
   * The object that was packed.
   *
   * @throws IOException if these bytes are no packed object
   */
  public static ObjectNode unpack(byte[] packed) throws IOException {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      var bytes = in.readNBytes(UNPACKED_MAX + 1);
      if (bytes.length <= UNPACKED_MAX && MAPPER.readTree(bytes) instanceof ObjectNode object) {
        return object;
      }
      throw new IOException("not a packed text");
    }
  }
}
