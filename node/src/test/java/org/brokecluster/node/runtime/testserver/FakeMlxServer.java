package org.brokecluster.node.runtime.testserver;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Answers as mlx_lm.server does (recordings {@code mlx-01} to {@code mlx-13}): HTTP/1.0, one
 * request a connection, closing for an end; keep-alive comments while a prompt is read; the role in
 * every delta; health that says 200 whatever has happened; zero bytes for a field of the wrong
 * type. Runs within a test or in a process of its own ({@link FakeMlxMain}).
 */
public class FakeMlxServer implements AutoCloseable {
  private static final String HEADERS =
      lines("Server: BaseHTTP/0.6 Python/3.11.2", "Date: Sat, 21 Nov 2026 04:00:40 GMT");
  private static final String CORS =
      lines(
          "Access-Control-Allow-Origin: *",
          "Access-Control-Allow-Methods: *",
          "Access-Control-Allow-Headers: *",
          "");
  private static final int STEP = 2048;
  private static final int DEFAULT_TOKENS = 512;

  private final Quirks quirks;
  private final ServerSocket listener;
  private final CountDownLatch loaded = new CountDownLatch(1);
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger generating = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private volatile int defaultTokens = DEFAULT_TOKENS;

  /** Binds the port (0 for a free one) at once, loaded or not, as the real one does. */
  public FakeMlxServer(int port, Quirks quirks) throws IOException {
    this.quirks = quirks;
    listener = new ServerSocket();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5);
    daemon(this::accept, "fake-mlx-accept");
  }

  /** What {@code --max-tokens} says. */
  public void defaultTokens(int tokens) {
    defaultTokens = tokens;
  }

  /** The model is in memory; requests before waited. */
  public void loaded() {
    loaded.countDown();
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Answers in the making. */
  public int generating() {
    return generating.get();
  }

  /** Answers that were made to their end. */
  public int answered() {
    return answered.get();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (var socket : open) {
      socket.close();
    }
  }

  private static void daemon(Runnable task, String name) {
    var thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        open.add(socket);
        daemon(() -> serve(socket), "fake-mlx-connection");
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = new BufferedInputStream(socket.getInputStream());
      var request = line(in).split(" ", 3);
      var headers = new HashMap<String, String>();
      for (var line = line(in); !line.isEmpty(); line = line(in)) {
        int colon = line.indexOf(':');
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
      if (request.length == 3) {
        answer(request[0], request[1], headers, in, socket.getOutputStream());
      }
    } catch (IOException | RuntimeException e) {
      // The client went away, or the handler's thread died of the request: either way it closes.
      open.remove(socket);
    } finally {
      open.remove(socket);
    }
  }

  private void answer(
      String method, String path, Map<String, String> headers, InputStream in, OutputStream out)
      throws IOException {
    if (quirks.has("hang-all")) {
      forEver();
    }
    if (quirks.has("garbage")) {
      out.write(new byte[] {7, 0, -1, 'H', 'T', 'T', 'P', 13, 10, 42, 0, 1, 2, 3});
      return;
    }
    switch (method + " " + path) {
      case "GET /health" -> json(out, "200 OK", "{\"status\": \"ok\"}");
      case "GET /v1/models" -> json(out, "200 OK", "{\"object\": \"list\", \"data\": []}");
      case "POST /v1/chat/completions", "POST /chat/completions", "POST /v1/completions" ->
          complete(path.endsWith("/chat/completions"), headers, in, out);
      default -> json(out, "404 Not Found", "Not Found");
    }
  }

  private static void json(OutputStream out, String status, String body) throws IOException {
    write(out, "HTTP/1.0 " + status + "\r\n" + HEADERS + "Content-type: application/json\r\n");
    write(out, CORS + body);
  }

  private void complete(boolean chat, Map<String, String> headers, InputStream in, OutputStream out)
      throws IOException {
    if (!headers.containsKey("content-length")) {
      json(out, "411 Length Required", "{\"error\": \"Content-Length header is required\"}");
      return;
    }
    var bytes = in.readNBytes(Integer.parseInt(headers.get("content-length")));
    var body = new String(bytes, StandardCharsets.UTF_8);
    if (!body.strip().startsWith("{") || !body.strip().endsWith("}")) {
      json(out, "400 Bad Request", "{\"error\": \"Invalid JSON in request body\"}");
      return;
    }
    check(body, chat ? "messages" : "prompt");
    if (quirks.has("print-prompt")) {
      System.err.println("Traceback (most recent call last):");
      System.err.println("ValueError: cannot do '" + body + "'");
      System.err.println(body);
    }
    if (quirks.has("refuse")) {
      json(out, "404 Not Found", "{\"error\": \"list index out of range\"}");
      return;
    }
    await(loaded);
    generating.incrementAndGet();
    try {
      generate(body, chat, bytes.length / 4, out);
    } finally {
      generating.decrementAndGet();
    }
  }

  /** The real one's handler thread dies of these: mlx-07-null-max-tokens and others. */
  private static void check(String body, String required) {
    boolean right =
        !field(body, required).isEmpty()
            && field(body, "max_tokens").matches("|\\d.*")
            && field(body, "temperature").matches("|[\\d-].*")
            && field(body, "stream").matches("|(true|false).*");
    if (!right) {
      throw new IllegalArgumentException("the handler's thread dies");
    }
  }

  /**
   * The beginning of a field's value, empty if there is no such field. Quick rather than thorough:
   * a process that plays the server must not spend a second on loading a parser.
   */
  private static String field(String body, String name) {
    var match = Pattern.compile("(?<!\\\\)\"" + name + "\"\\s*:\\s*([^,}]{1,40}|$)").matcher(body);
    return match.find() ? match.group(1) : "";
  }

  private int tokens(String body) {
    var digits = field(body, "max_tokens").strip();
    return digits.isEmpty() ? defaultTokens : Integer.parseInt(digits);
  }

  private void generate(String body, boolean chat, int promptTokens, OutputStream out)
      throws IOException {
    int tokens = tokens(body);
    if (!field(body, "stream").startsWith("true")) {
      whole(tokens, promptTokens, out);
      return;
    }
    write(out, "HTTP/1.0 200 OK\r\n" + HEADERS + "Content-type: text/event-stream\r\n");
    write(out, "Cache-Control: no-cache\r\n" + CORS);
    prefill(promptTokens, out);
    var id = (chat ? "chatcmpl-" : "cmpl-") + UUID.randomUUID();
    int cut = quirks.number("cut-after", Integer.MAX_VALUE);
    int crash = quirks.number("crash-after", Integer.MAX_VALUE);
    int hang = quirks.number("hang-after", Integer.MAX_VALUE);
    boolean endless = quirks.has("endless");
    for (int made = 0; made < tokens || endless; made++) {
      if (made >= cut) {
        return;
      }
      if (made >= crash) {
        System.err.println("libc++abi: terminating due to uncaught exception: out of memory");
        Runtime.getRuntime().halt(134);
      }
      if (made >= hang) {
        forEver();
      }
      pause(quirks.number("token-ms", 0));
      write(out, event(id, chat, "null", made % 2 == 0 ? "token " : "basket "));
    }
    write(out, event(id, chat, tokens < 100 ? "\"length\"" : "\"stop\"", ""));
    end(body, id, promptTokens, tokens, out);
    answered.incrementAndGet();
  }

  private void prefill(int promptTokens, OutputStream out) throws IOException {
    if (quirks.has("hang-prefill")) {
      forEver();
    }
    for (int read = 0; read < promptTokens; read += STEP) {
      pause(quirks.number("prefill-ms", 0));
      write(out, ": keepalive " + Math.min(promptTokens, read + STEP) + "/" + promptTokens);
      write(out, "\n\n");
    }
    while (quirks.has("flood")) {
      write(out, ": " + "x".repeat(60_000) + "\n\n");
    }
  }

  private static void end(String body, String id, int prompt, int made, OutputStream out)
      throws IOException {
    boolean usage = field(body, "include_usage").startsWith("true");
    if (!usage && !field(body, "stream_options").isEmpty()) {
      return; // mlx-04-stream-options-empty
    }
    if (usage) {
      write(out, "data: {\"id\": \"" + id + "\", \"object\": \"chat.completion\", ");
      write(out, "\"created\": 1, \"choices\": [], \"usage\": " + usage(prompt, made) + "}\n\n");
    }
    write(out, "data: [DONE]\n\n");
  }

  private static String usage(int prompt, int made) {
    return "{\"prompt_tokens\": %d, \"completion_tokens\": %d, \"total_tokens\": %d}"
        .formatted(Math.max(1, prompt), made, Math.max(1, prompt) + made);
  }

  private static String event(String id, boolean chat, String finish, String text) {
    var content = text.isEmpty() ? "" : ", \"content\": \"" + text + "\"";
    var choice =
        chat ? "\"delta\": {\"role\": \"assistant\"" + content + "}" : "\"text\": \"" + text + "\"";
    var kind = chat ? "chat.completion.chunk" : "text_completion";
    return ("data: {\"id\": \"%s\", \"object\": \"%s\", \"model\": \"default_model\", "
            + "\"created\": 1, \"choices\": [{\"index\": 0, \"finish_reason\": %s, %s}]}\n\n")
        .formatted(id, kind, finish, choice);
  }

  private void whole(int tokens, int promptTokens, OutputStream out) throws IOException {
    var text = "token ".repeat(tokens);
    var json =
        ("{\"id\": \"x\", \"object\": \"chat.completion\", \"created\": 1, \"choices\": [{\"index\": 0,"
                + " \"finish_reason\": \"stop\", \"message\": {\"role\": \"assistant\","
                + " \"content\": \"%s\"}}], \"usage\": %s}")
            .formatted(text, usage(promptTokens, tokens));
    write(out, "HTTP/1.0 200 OK\r\n" + HEADERS + "Content-type: application/json\r\n");
    write(out, "Content-Length: " + json.length() + "\r\n" + CORS + json);
    answered.incrementAndGet();
  }

  private static void forEver() {
    await(new CountDownLatch(1));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits, without sleeping, for as long as nothing happens: nothing ever does. */
  static void pause(int millis) {
    try {
      boolean never = new Semaphore(0).tryAcquire(millis, TimeUnit.MILLISECONDS);
      if (never) {
        throw new AssertionError();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String lines(String... lines) {
    return String.join("\r\n", lines) + "\r\n";
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }
}
