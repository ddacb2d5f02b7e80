package org.brokecluster.node.pull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A hub on this machine with one model: it describes the model, sends small files itself and
 * redirects for large ones to a second server on another port, as the real one does. It can be told
 * to fail in many ways, each for the next request of a file.
 *
 * <p>{@link #main} runs it as a process, to be tried with {@code ./broke pull}.
 */
final class FakeHub implements AutoCloseable {
  static final String MODEL = "tiny/model-4bit";
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  /** What goes wrong with the next request of a file, at the server that has the content. */
  enum Fault {
    CUT,
    WRONG_BYTES,
    TOO_MANY,
    UNAVAILABLE,
    IGNORES_RANGE,
    STALLS
  }

  final List<String> asked = new CopyOnWriteArrayList<>();
  final List<String> tokensAtStore = new CopyOnWriteArrayList<>();
  volatile @Nullable String tokenNeeded;
  volatile String errorCode = "GatedRepo";
  volatile boolean listingFails;
  final AtomicBoolean listingStalls = new AtomicBoolean();
  volatile @Nullable String redirectTo;
  volatile @Nullable CountDownLatch hold;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final Map<String, String> named = new LinkedHashMap<>();
  private final Map<String, ArrayDeque<Fault>> faults = new LinkedHashMap<>();
  private final HttpServer hub;
  private final HttpServer store;
  private final int largeFrom;

  /** A hub that redirects for files from this size. */
  FakeHub(int port, int largeFrom) {
    this.largeFrom = largeFrom;
    hub = server(port);
    store = server(0);
    hub.createContext("/", this::answerHub);
    store.createContext("/", this::answerStore);
    hub.start();
    store.start();
  }

  FakeHub() {
    this(0, 10_000);
  }

  private static HttpServer server(int port) {
    try {
      var server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      server.setExecutor(
          Executors.newCachedThreadPool(
              task -> {
                var thread = new Thread(task, "fake-hub");
                thread.setDaemon(true);
                return thread;
              }));
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
  }

  FakeHub with(String path, byte[] content) {
    files.put(path, content);
    return this;
  }

  /** A model as mlx-lm wants it, with weights of this size. */
  FakeHub withTinyModel(int weightBytes) {
    return with("config.json", "{\"model_type\": \"llama\"}".getBytes(StandardCharsets.UTF_8))
        .with("tokenizer_config.json", "{}".getBytes(StandardCharsets.UTF_8))
        .with("sub folder/vocab.txt", "a b c".getBytes(StandardCharsets.UTF_8))
        .with("model.safetensors", random(weightBytes, 1))
        .with("pytorch_model.bin", random(5000, 2))
        .with("README.md", "A tiny model.".getBytes(StandardCharsets.UTF_8));
  }

  static byte[] random(int length, long seed) {
    var bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  byte[] file(String path) {
    return files.get(path);
  }

  /** Names another hash for a file than it has. */
  FakeHub naming(String path, String hash) {
    named.put(path, hash);
    return this;
  }

  FakeHub failing(String path, Fault... next) {
    faults.computeIfAbsent(path, key -> new ArrayDeque<>()).addAll(List.of(next));
    return this;
  }

  /** How often the content of a file was asked for. */
  long askedFor(String path) {
    return asked.stream().filter(line -> line.contains("GET /store/" + path)).count();
  }

  private synchronized @Nullable Fault fault(String path) {
    var queue = faults.get(path);
    return queue == null ? null : queue.poll();
  }

  private void answerHub(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      var token = exchange.getRequestHeaders().getFirst("Authorization");
      asked.add("hub GET " + path);
      if (path.equals("/api/models/" + MODEL + "/revision/main")) {
        if (listingFails) {
          status(exchange, 503);
        } else if (listingStalls.getAndSet(false)) {
          exchange.sendResponseHeaders(200, 1_000);
          await(closing);
        } else {
          send(exchange, listing().getBytes(StandardCharsets.UTF_8), "application/json");
        }
        return;
      }
      var prefix = "/" + MODEL + "/resolve/" + COMMIT + "/";
      var file = path.startsWith(prefix) ? path.substring(prefix.length()) : "";
      if (!files.containsKey(file)) {
        exchange.getResponseHeaders().set("X-Error-Code", "RepoNotFound");
        status(exchange, 401);
      } else if (tokenNeeded != null && !("Bearer " + tokenNeeded).equals(token)) {
        exchange.getResponseHeaders().set("X-Error-Code", errorCode);
        status(exchange, token == null ? 401 : 403);
      } else if (files.get(file).length >= largeFrom) {
        redirect(exchange, file);
      } else {
        content(exchange, file);
      }
    }
  }

  private void redirect(HttpExchange exchange, String file) throws IOException {
    var headers = exchange.getResponseHeaders();
    headers.set("X-Repo-Commit", COMMIT);
    headers.set("X-Linked-Etag", "\"" + hash(file) + "\"");
    headers.set("X-Linked-Size", Integer.toString(files.get(file).length));
    var to = "http://127.0.0.1:%d/store/%s?Signature=secret-signature";
    var encoded = file.replace(" ", "%20");
    headers.set(
        "Location",
        redirectTo != null ? redirectTo : to.formatted(store.getAddress().getPort(), encoded));
    status(exchange, 302);
  }

  private void answerStore(HttpExchange exchange) throws IOException {
    try (exchange) {
      var token = exchange.getRequestHeaders().getFirst("Authorization");
      if (token != null) {
        tokensAtStore.add(token);
      }
      content(exchange, exchange.getRequestURI().getPath().substring("/store/".length()));
      // Not at the hub: whoever has its small file asks for the next on a connection held so.
      var held = hold;
      if (held != null) {
        await(held);
      }
    }
  }

  private void content(HttpExchange exchange, String file) throws IOException {
    var range = exchange.getRequestHeaders().getFirst("Range");
    asked.add("GET /store/" + file + (range == null ? "" : " " + range));
    var fault = fault(file);
    var bytes = files.get(file);
    if (fault == Fault.TOO_MANY || fault == Fault.UNAVAILABLE) {
      exchange.getResponseHeaders().set("Retry-After", "0");
      status(exchange, fault == Fault.TOO_MANY ? 429 : 503);
      return;
    }
    int from = 0;
    if (range != null && fault != Fault.IGNORES_RANGE) {
      from = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes %d-%d/%d".formatted(from, bytes.length - 1, bytes.length));
    }
    var part = Arrays.copyOfRange(bytes, from, bytes.length);
    if (fault == Fault.WRONG_BYTES) {
      part[part.length / 2] ^= 1;
    }
    exchange.getResponseHeaders().set("ETag", "\"" + hash(file) + "\"");
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, part.length == 0 ? -1 : part.length);
    boolean broken = fault == Fault.CUT || fault == Fault.STALLS;
    exchange.getResponseBody().write(part, 0, broken ? part.length / 2 : part.length);
    exchange.getResponseBody().flush();
    if (fault == Fault.STALLS) {
      await(closing);
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void status(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
  }

  private static void send(HttpExchange exchange, byte[] body, String type) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
  }

  private String listing() {
    return files.keySet().stream()
        .map(this::sibling)
        .collect(
            Collectors.joining(
                ",", "{\"id\":\"" + MODEL + "\",\"sha\":\"" + COMMIT + "\",\"siblings\":[", "]}"));
  }

  private String sibling(String path) {
    int size = files.get(path).length;
    return size >= largeFrom
        ? "{\"rfilename\":\"%s\",\"size\":%d,\"blobId\":\"%s\",\"lfs\":{\"sha256\":\"%s\",\"size\":%d,\"pointerSize\":135}}"
            .formatted(path, size, COMMIT, hash(path), size)
        : "{\"rfilename\":\"%s\",\"size\":%d,\"blobId\":\"%s\"}".formatted(path, size, hash(path));
  }

  String hash(String path) {
    var content = files.get(path);
    return named.getOrDefault(path, content.length >= largeFrom ? sha256(content) : git(content));
  }

  private static String sha256(byte[] content) {
    return hex("SHA-256", new byte[0], content);
  }

  private static String git(byte[] content) {
    return hex(
        "SHA-1", ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII), content);
  }

  private static String hex(String algorithm, byte[] before, byte[] content) {
    try {
      var digest = MessageDigest.getInstance(algorithm);
      digest.update(before);
      return HexFormat.of().formatHex(digest.digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    closing.countDown();
    hub.stop(0);
    store.stop(0);
  }

  /** Serves until its standard input ends: {@code PORT WEIGHT_BYTES [FAULT...]}. */
  public static void main(String[] args) throws IOException {
    try (var hub = new FakeHub(Integer.parseInt(args[0]), 10_000)) {
      hub.withTinyModel(Integer.parseInt(args[1]));
      for (int i = 2; i < args.length; i++) {
        hub.failing("model.safetensors", Fault.valueOf(args[i]));
      }
      System.out.println(hub.url() + " has " + MODEL);
      System.in.transferTo(java.io.OutputStream.nullOutputStream());
    }
  }
}
