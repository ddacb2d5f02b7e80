package org.brokecluster.tests.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A socket that can do what no well-behaved client does: hang up, reset, or never read. */
public final class RawClient implements AutoCloseable {
  private final Socket socket;

  private RawClient(Socket socket) {
    this.socket = socket;
  }

  /** Sends a POST and reads nothing. */
  public static RawClient post(String base, String path, String body, String... headers) {
    var uri = URI.create(base);
    try {
      var socket = new Socket();
      socket.setReceiveBufferSize(4_096);
      socket.connect(new java.net.InetSocketAddress(uri.getHost(), uri.getPort()), 5_000);
      var bytes = body.getBytes(StandardCharsets.UTF_8);
      var head =
          new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n")
              .append("Content-Type: application/json\r\nContent-Length: ")
              .append(bytes.length)
              .append("\r\n");
      for (int i = 0; i < headers.length; i += 2) {
        head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
      }
      head.append("\r\n");
      socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return new RawClient(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads until a line contains the text; fails at the end of the stream. */
  public RawClient readUntil(String text) {
    try {
      var reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), 64);
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.contains(text)) {
          return this;
        }
      }
      throw new AssertionError("the stream ended without: " + text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes in an orderly way: the server sees FIN. */
  public void hangUp() {
    close();
  }

  /** Closes with RST. */
  public void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
