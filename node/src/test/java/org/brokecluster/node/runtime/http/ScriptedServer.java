package org.brokecluster.node.runtime.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A loopback HTTP server that sends exactly the bytes a test tells it to. */
public final class ScriptedServer implements AutoCloseable {
  private final ServerSocket listener;
  private final Script script;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final CountDownLatch clientGone = new CountDownLatch(1);

  /** What the server does with a request. */
  @FunctionalInterface
  public interface Script {
    /** Answers; false closes the connection. */
    boolean serve(Request request, Wire wire) throws IOException;
  }

  /** A request as it came. */
  public record Request(String line, Map<String, String> headers, String body) {}

  /** A server on a free port. */
  public ScriptedServer(Script script) throws IOException {
    this(script, 0);
  }

  /** A server on a port, 0 for a free one. */
  public ScriptedServer(Script script, int port) throws IOException {
    this.script = script;
    listener = new ServerSocket(port, 200, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  /** Its address. */
  public String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  /** What it was asked so far. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Connections that are open now. */
  public int connections() {
    return sockets.size();
  }

  /** Waits until a client closes a connection that a script watches by {@link Wire#untilGone}. */
  public boolean awaitClientGone() throws InterruptedException {
    return clientGone.await(60, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (var socket : sockets) {
      socket.close();
    }
  }

  private void accept() throws IOException {
    while (!listener.isClosed()) {
      var socket = listener.accept();
      sockets.add(socket);
      start(() -> serve(socket));
    }
  }

  private void serve(Socket socket) throws IOException {
    try (socket) {
      socket.setTcpNoDelay(true);
      var in = new BufferedInputStream(socket.getInputStream());
      boolean more = true;
      while (more) {
        var request = read(in);
        requests.add(request);
        more = script.serve(request, new Wire(socket, in));
      }
    } finally {
      sockets.remove(socket);
    }
  }

  private static Request read(InputStream in) throws IOException {
    var line = line(in);
    var headers = new TreeMap<String, String>();
    for (var header = line(in); !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Request(line, headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int sign = in.read(); sign != '\n'; sign = in.read()) {
      if (sign < 0) {
        throw new IOException("closed");
      }
      line.write(sign);
    }
    return line.toString(StandardCharsets.UTF_8).strip();
  }

  private interface Task {
    void run() throws IOException;
  }

  private static void start(Task task) {
    var thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException closedByTheOtherSide) {
                Thread.currentThread().interrupt();
              }
            },
            "scripted-server");
    thread.setDaemon(true);
    thread.start();
  }

  /** The bytes that go to one client. */
  public final class Wire {
    private final Socket socket;
    private final InputStream in;

    private Wire(Socket socket, InputStream in) {
      this.socket = socket;
      this.in = in;
    }

    /** Sends raw text; single quotes stay as they are. */
    public Wire raw(String text) throws IOException {
      return raw(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends bytes. */
    public Wire raw(byte[] bytes) throws IOException {
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
      return this;
    }

    /** Head of an HTTP/1.1 answer with chunked coding, as llama-server and vLLM send it. */
    public Wire chunkedHead(int status, String type) throws IOException {
      return raw(
          "HTTP/1.1 "
              + status
              + " X\r\nContent-Type: "
              + type
              + "\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    /** Head of an HTTP/1.0 answer that ends with the connection, as mlx_lm.server sends it. */
    public Wire closingHead(int status, String type) throws IOException {
      return raw(
          "HTTP/1.0 %d X\r\nServer: BaseHTTP/0.6 Python/3.11.2\r\nContent-type: %s\r\n\r\n"
              .formatted(status, type));
    }

    /** One HTTP chunk. */
    public Wire chunk(String text) throws IOException {
      var bytes = text.getBytes(StandardCharsets.UTF_8);
      return raw(Integer.toHexString(bytes.length) + "\r\n").raw(bytes).raw("\r\n");
    }

    /** An event in a chunk of its own, with single quotes turned into double ones. */
    public Wire event(String json) throws IOException {
      return chunk("data: " + json.replace('\'', '"') + "\n\n");
    }

    /** The last HTTP chunk. */
    public Wire lastChunk() throws IOException {
      return raw("0\r\n\r\n");
    }

    /** Bytes in a chunk of their own. */
    public Wire chunk(byte[] bytes) throws IOException {
      return raw(Integer.toHexString(bytes.length) + "\r\n").raw(bytes).raw("\r\n");
    }

    /** A whole JSON answer of known length; keeps the connection. */
    public boolean document(int status, String json, List<String> headers) throws IOException {
      var bytes = json.getBytes(StandardCharsets.UTF_8);
      raw("HTTP/1.1 " + status + " X\r\nContent-Type: application/json\r\n");
      for (var header : headers) {
        raw(header + "\r\n");
      }
      raw("Content-Length: " + bytes.length + "\r\n\r\n").raw(bytes);
      return true;
    }

    /** The same, with single quotes turned into double ones. */
    public boolean json(int status, String json, String... headers) throws IOException {
      return document(status, json.replace('\'', '"'), List.of(headers));
    }

    /** Drops the connection with a reset. */
    public boolean reset() throws IOException {
      socket.setSoLinger(true, 0);
      return false;
    }

    /** Says nothing for so long, or until the client hangs up; false then. */
    public boolean silent(Duration length) throws IOException {
      socket.setSoTimeout((int) length.toMillis());
      try {
        return in.read() >= 0;
      } catch (SocketTimeoutException timeIsUp) {
        socket.setSoTimeout(0);
        return true;
      }
    }

    /** Waits until the client closes its side. */
    public boolean untilGone() throws IOException {
      try {
        if (in.read() >= 0) {
          throw new IOException("the client sent more");
        }
      } catch (java.net.SocketException reset) {
        clientGone.countDown();
        throw reset;
      }
      clientGone.countDown();
      return false;
    }
  }
}
