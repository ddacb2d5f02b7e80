package org.brokecluster.tests.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.brokecluster.tests.harness.BrokeClient;

/**
 * An OpenAI-compatible model server with a {@link Conduct} for each of its models. Keeps every call
 * it gets, with the time. One thread for each connection; the bytes are written by hand, since no
 * HTTP library breaks off as badly as a dying model server does.
 */
final class FaultServer implements AutoCloseable {
  /**
   * A model.
   *
   * @param context tokens it says it can take
   */
  record Model(String id, int context, Conduct conduct) {}

  /**
   * A call for an answer.
   *
   * @param number how many there were for the same model before it, and one
   * @param atNanos when it came
   */
  record Call(String model, int number, long atNanos, JsonNode body) {
    /** Seconds since an earlier moment. */
    double secondsSince(long nanos) {
      return (atNanos - nanos) / 1e9;
    }
  }

  private final ServerSocket listener;
  private final Map<String, Model> models = new ConcurrentHashMap<>();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  private FaultServer(List<Model> all) throws IOException {
    all.forEach(model -> models.put(model.id(), model));
    listener = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  /** A server on a free port of the loopback address, until it is closed. */
  static FaultServer start(List<Model> models) {
    try {
      return new FaultServer(models);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its address. */
  String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  /** Calls for an answer of this model so far, in their order. */
  List<Call> calls(String model) {
    return calls.stream().filter(call -> call.model().equals(model)).toList();
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (var socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
        var line = line(in);
        var body = body(in);
        more = answer(line, body, socket);
      }
    } finally {
      sockets.remove(socket);
    }
  }

  private boolean answer(String line, String body, Socket socket) throws IOException {
    if (line.startsWith("GET /v1/models ")) {
      return FaultReply.json(socket, 200, list(), Map.of());
    }
    if (!line.startsWith("POST /v1/chat/completions ")) {
      return FaultReply.json(socket, 404, "{\"detail\":\"Not Found\"}", Map.of());
    }
    var asked = BrokeClient.parse(body);
    var model = models.get(asked.path("model").asText());
    if (model == null) {
      return FaultReply.json(socket, 404, "{\"detail\":\"no such model\"}", Map.of());
    }
    var call = record(model, asked);
    return model.conduct().answer(call, new FaultReply(socket, call));
  }

  private synchronized Call record(Model model, JsonNode asked) {
    var call = new Call(model.id(), calls(model.id()).size() + 1, System.nanoTime(), asked);
    calls.add(call);
    return call;
  }

  private String list() {
    var data = new StringBuilder();
    for (var model : models.values()) {
      data.append(data.isEmpty() ? "" : ",")
          .append("{\"id\":\"%s\",\"max_model_len\":%d}".formatted(model.id(), model.context()));
    }
    return "{\"object\":\"list\",\"data\":[" + data + "]}";
  }

  private static String body(InputStream in) throws IOException {
    int length = 0;
    for (var header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(header.substring("content-length:".length()).strip());
      }
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
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
            "fault-server");
    thread.setDaemon(true);
    thread.start();
  }
}
