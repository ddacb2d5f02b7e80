package org.brokecluster.coordinator.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A client that sends exactly the bytes it is told to, and can hang up in every way. */
public final class RawClient implements AutoCloseable {
  private static final int LIMIT_MS = 60_000;

  private final Socket socket;

  RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(LIMIT_MS);
    socket.setTcpNoDelay(true);
  }

  /** Sends text as it is; line ends in it become CRLF. */
  public RawClient send(String text) throws IOException {
    return send(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
  }

  public RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Sends a POST with this body, all of it at once: a head in pieces might come too slowly. */
  public RawClient post(String path, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    var head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
            .formatted(path, bytes.length)
            .getBytes(StandardCharsets.US_ASCII);
    var all = Arrays.copyOf(head, head.length + bytes.length);
    System.arraycopy(bytes, 0, all, head.length, bytes.length);
    return send(all);
  }

  /** Reads until what was read contains this text; fails at the end of the stream. */
  public String readUntil(String text) throws IOException {
    var read = new ByteArrayOutputStream();
    while (!read.toString(StandardCharsets.UTF_8).contains(text)) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new IOException("closed before \"" + text + "\"; read: " + read);
      }
      read.write(next);
    }
    return read.toString(StandardCharsets.UTF_8);
  }

  /** Reads to the end of the stream. */
  public String readAll() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Says that nothing more will be sent; still reads. */
  public void halfClose() throws IOException {
    socket.shutdownOutput();
  }

  /** Hangs up with a reset. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
