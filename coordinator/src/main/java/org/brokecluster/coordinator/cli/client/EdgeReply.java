package org.brokecluster.coordinator.cli.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * What an edge answered. The body can be read once, and must be closed.
 *
 * @param status HTTP status
 * @param headers by their names in lower case
 * @param body as it arrives
 */
public record EdgeReply(int status, Map<String, String> headers, InputStream body)
    implements AutoCloseable {
  private static final int TEXT_MAX = 256 << 20;

  /** A header, by its name in lower case. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /**
   * The whole body as text.
   *
   * @throws IOException if it breaks off, or is longer than 256 MiB and so no answer of an edge
   */
  public String text() throws IOException {
    var bytes = body.readNBytes(TEXT_MAX + 1);
    if (bytes.length > TEXT_MAX) {
      throw new IOException("the answer is longer than 256 MiB");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The body line by line. */
  public BufferedReader lines() {
    return new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
