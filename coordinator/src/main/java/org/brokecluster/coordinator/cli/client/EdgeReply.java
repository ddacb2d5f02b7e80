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
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** The whole body as text. */
  public String text() throws IOException {
    return new String(body.readAllBytes(), StandardCharsets.UTF_8);
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
