package org.brokecluster.node.runtime.disk;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads JSON that strangers have written: bounded in size and depth. Blocks on the disk. */
public final class JsonFiles {
  private static final int DEPTH_MAX = 100;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
                  .build())
          .build();

  private JsonFiles() {}

  /**
   * The object in a file.
   *
   * @param bytesMax a larger file is not read
   * @throws IOException if there is no such plain file, it is too large, or it is no JSON object;
   *     the message is for people and free of the file's text
   */
  public static JsonNode object(Path file, long bytesMax) throws IOException {
    var name = file.getFileName();
    if (!Files.isRegularFile(file)) {
      throw new IOException(name + " is missing");
    }
    long size = Files.size(file);
    if (size > bytesMax) {
      throw new IOException("%s has %d bytes, at most %d are read".formatted(name, size, bytesMax));
    }
    return parse(Files.readAllBytes(file), String.valueOf(name));
  }

  /**
   * The object in some bytes.
   *
   * @param name for the message
   * @throws IOException if it is no JSON object
   */
  public static JsonNode parse(byte[] json, String name) throws IOException {
    try {
      var node = MAPPER.readTree(json);
      if (node != null && node.isObject()) {
        return node;
      }
    } catch (IOException | RuntimeException | StackOverflowError e) {
      throw new IOException(name + " is not valid JSON", e);
    }
    throw new IOException(name + " is not a JSON object");
  }
}
