package org.brokecluster.coordinator.cli.ask;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.brokecluster.shared.cli.VerbException;

/** Reads a prompt from a stream, up to the size that a cluster takes by default. */
record PromptSource(InputStream input) {
  private static final int BYTES_MAX = 32 << 20;

  String read() {
    try {
      var bytes = input.readNBytes(BYTES_MAX + 1);
      if (bytes.length > BYTES_MAX) {
        throw VerbException.misuse("the prompt is longer than 32 MiB");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw VerbException.failed("cannot read the prompt from standard input: " + e.getMessage());
    }
  }
}
