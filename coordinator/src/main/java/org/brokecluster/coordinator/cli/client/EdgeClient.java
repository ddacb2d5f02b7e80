package org.brokecluster.coordinator.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.shared.cli.VerbException;
import org.jspecify.annotations.Nullable;

/**
 * Talks to the HTTP edge of a running host. Whatever goes wrong ends the verb with a message that
 * says what was tried and what to do. Blocks the caller; safe for use from any thread.
 *
 * <p>Built on {@link HttpURLConnection}, because the JDK's newer client costs a verb that lives for
 * half a second another 0.3 s to start.
 */
public final class EdgeClient {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(3);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(30);
  private static final Duration AS_LONG_AS_IT_TAKES = Duration.ZERO;
  private static final int SHOWN_MAX = 300;
  private static final int PORT_MAX = 65_535;

  private final String base;
  private final Optional<String> key;

  /**
   * A client of the host at this address, such as {@code http://127.0.0.1:8000}.
   *
   * @param key API key, if the cluster asks for one
   */
  public EdgeClient(String base, Optional<String> key) {
    this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    this.key = key;
  }

  /** The address, without a slash at its end. */
  public String base() {
    return base;
  }

  /** What a path says; waits up to 30 s. */
  public JsonNode get(String path) {
    return json("GET", path, null, ANSWER_MAX);
  }

  /** What a path answers to this body; waits up to 30 s. */
  public JsonNode post(String path, JsonNode body) {
    return json("POST", path, body, ANSWER_MAX);
  }

  /** Like {@link #post}, to put something in the place of what is there. */
  public JsonNode put(String path, JsonNode body) {
    return json("PUT", path, body, ANSWER_MAX);
  }

  /** Deletes what is at a path; waits up to 30 s for what is said of it. */
  public JsonNode delete(String path) {
    return json("DELETE", path, null, ANSWER_MAX);
  }

  /** An answer that may take minutes; without a body it is read. */
  public JsonNode slowly(String path, @Nullable JsonNode body) {
    return json(body == null ? "GET" : "POST", path, body, AS_LONG_AS_IT_TAKES);
  }

  /** An answer of any length, read as it is made; refuses an error. */
  public EdgeReply read(String path) {
    try {
      return accepted(send("GET", path, null, ANSWER_MAX));
    } catch (IOException e) {
      throw unanswered(e);
    }
  }

  /** Copies an answer of any length as it comes. */
  public void copy(String path, OutputStream to) {
    try (var reply = read(path)) {
      reply.body().transferTo(to);
      to.flush();
    } catch (IOException e) {
      throw unanswered(e);
    }
  }

  /**
   * An order to a machine: what it answered, also if it refused (409), as {@code accepted}, {@code
   * node} and {@code message}.
   *
   * @param action what follows the machine's name in the path, such as {@code models/load}
   */
  public JsonNode order(String node, String action, JsonNode body) {
    var path = EdgePath.ofNode(node) + "/" + action;
    try (var reply = send("POST", path, body, ANSWER_MAX)) {
      return reply.status() == HttpURLConnection.HTTP_CONFLICT
          ? Json.object().put("accepted", false).put("node", node).put("message", message(reply))
          : parsed(path, accepted(reply));
    } catch (IOException e) {
      throw unanswered(e);
    }
  }

  /** An answer that takes as long as it takes, read as it is made; refuses an error. */
  public EdgeReply ask(String path, JsonNode body) {
    return ask(path, body, Map.of());
  }

  /** The same, with headers of the caller. */
  public EdgeReply ask(String path, JsonNode body, Map<String, String> headers) {
    try {
      return accepted(send("POST", path, body, headers, AS_LONG_AS_IT_TAKES));
    } catch (IOException e) {
      throw unanswered(e);
    }
  }

  /** Status of a path, or nothing if nobody answers. */
  public Optional<Integer> status(String path) {
    return glance(path).map(EdgeReply::status);
  }

  /** A header of a path's answer, or nothing if nobody answers or it has none. */
  public Optional<String> header(String path, String name) {
    return glance(path).flatMap(reply -> reply.header(name));
  }

  /** What to say when a connection broke or none came about. */
  public VerbException unanswered(IOException e) {
    if (e instanceof ConnectException || e instanceof NoRouteToHostException) {
      return VerbException.failed(
          "nothing answers at "
              + base
              + ". Start a cluster here with ./broke demo or ./broke up, or say where one is with"
              + " --port, --url or --data-dir");
    }
    if (e instanceof UnknownHostException) {
      return VerbException.failed(
          "no machine is known by the name in " + base + ": check --url, or give its IP address");
    }
    if (e instanceof SSLException) {
      return VerbException.failed(
          "nobody speaks https at %s: give its address as http://…".formatted(base));
    }
    var what = e instanceof SocketTimeoutException ? "did not answer in time" : "broke off";
    return VerbException.failed(
        "%s %s (%s). For a check of everything: ./broke doctor"
            .formatted(base, what, e.getMessage()));
  }

  /** An answer of which only the head is wanted; its body is read and dropped. */
  private Optional<EdgeReply> glance(String path) {
    try (var reply = send("GET", path, null, CONNECT_MAX)) {
      reply.body().transferTo(OutputStream.nullOutputStream());
      return Optional.of(reply);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private JsonNode json(String method, String path, @Nullable JsonNode body, Duration silenceMax) {
    try (var reply = accepted(send(method, path, body, silenceMax))) {
      return parsed(path, reply);
    } catch (IOException e) {
      throw unanswered(e);
    }
  }

  private JsonNode parsed(String path, EdgeReply reply) throws IOException {
    try {
      return Json.parse(reply.text());
    } catch (JsonProcessingException e) {
      throw VerbException.failed(
          base
              + path
              + " answered with something that is not JSON: is this a BROKE host? Say where one"
              + " is with --port or --url");
    }
  }

  private EdgeReply send(String method, String path, @Nullable JsonNode body, Duration silenceMax)
      throws IOException {
    return send(method, path, body, Map.of(), silenceMax);
  }

  private EdgeReply send(
      String method,
      String path,
      @Nullable JsonNode body,
      Map<String, String> headers,
      Duration silenceMax)
      throws IOException {
    var connection = open(path);
    connection.setRequestMethod(method);
    connection.setConnectTimeout((int) CONNECT_MAX.toMillis());
    connection.setReadTimeout((int) silenceMax.toMillis());
    connection.setInstanceFollowRedirects(false);
    key.ifPresent(value -> authorize(connection, value));
    headers.forEach(connection::setRequestProperty);
    if (body != null) {
      write(connection, body.toString().getBytes(StandardCharsets.UTF_8));
    }
    int status = connection.getResponseCode();
    return new EdgeReply(status, headers(connection), body(connection, status));
  }

  private HttpURLConnection open(String path) throws IOException {
    try {
      var url = URI.create(base + path).toURL();
      if (url.getPort() <= PORT_MAX && url.openConnection() instanceof HttpURLConnection http) {
        return http;
      }
      throw VerbException.misuse("not the address of an HTTP server: " + base);
    } catch (IllegalArgumentException | MalformedURLException e) {
      throw VerbException.misuse("not a usable address: " + base + " (" + e.getMessage() + ")");
    }
  }

  private static void authorize(HttpURLConnection connection, String key) {
    try {
      connection.setRequestProperty("Authorization", "Bearer " + key);
    } catch (IllegalArgumentException e) {
      throw VerbException.misuse(
          "the API key of --api-key or BROKE_API_KEY has a line break in it");
    }
  }

  /** With a fixed length the JDK never sends a request twice on its own. */
  private static void write(HttpURLConnection connection, byte[] body) throws IOException {
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(body.length);
    try (var out = connection.getOutputStream()) {
      out.write(body);
    }
  }

  private static InputStream body(HttpURLConnection connection, int status) throws IOException {
    var body = status < 400 ? connection.getInputStream() : connection.getErrorStream();
    return body == null ? InputStream.nullInputStream() : body;
  }

  private static Map<String, String> headers(HttpURLConnection connection) {
    var headers = new HashMap<String, String>();
    connection
        .getHeaderFields()
        .forEach(
            (name, values) -> {
              if (name != null) {
                headers.put(name.toLowerCase(Locale.ROOT), values.get(0));
              }
            });
    return headers;
  }

  /**
   * The reply if it is none of an error. A request that cannot be understood was called wrongly.
   */
  private EdgeReply accepted(EdgeReply reply) throws IOException {
    int status = reply.status();
    if (status < 300) {
      return reply;
    }
    try (reply) {
      var text = status == HttpURLConnection.HTTP_UNAUTHORIZED ? unauthorized() : message(reply);
      var said = "%s (HTTP %d from %s)".formatted(text, status, base);
      throw status == HttpURLConnection.HTTP_BAD_REQUEST
          ? VerbException.misuse(said)
          : VerbException.failed(said);
    }
  }

  private String unauthorized() {
    return key.isEmpty()
        ? "this cluster wants an API key: give it with --api-key, or in the environment as"
            + " BROKE_API_KEY"
        : "the API key of --api-key or BROKE_API_KEY is not one of this cluster's";
  }

  /** The message of an error in OpenAI's shape, or else the text itself. */
  private static String message(EdgeReply reply) throws IOException {
    var text = reply.text().strip();
    var error = error(text);
    boolean edge = error.path("code").isTextual();
    if (reply.status() == HttpURLConnection.HTTP_NOT_FOUND && !edge) {
      return "what answers there is no BROKE host; say where one is with --port, --url or --data-dir";
    }
    return Json.find(error, "message").map(JsonNode::asText).orElseGet(() -> shortened(text));
  }

  /** What an error says of itself; nothing if it is none of an API like OpenAI's. */
  private static JsonNode error(String text) {
    try {
      return Json.parse(text).path("error");
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  private static String shortened(String text) {
    if (text.isEmpty()) {
      return "refused";
    }
    return text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "…" : text;
  }
}
