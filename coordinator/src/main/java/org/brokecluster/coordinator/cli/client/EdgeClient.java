package org.brokecluster.coordinator.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.shared.cli.VerbException;
import org.jspecify.annotations.Nullable;

/**
 * Talks to the HTTP edge of a running host. Whatever goes wrong ends the verb with a message that
 * says what was tried and what to do. Blocks the caller.
 *
 * <p>Built on {@link HttpURLConnection}, because the JDK's newer client costs a verb that lives for
 * half a second another 0.3 s to start.
 */
public final class EdgeClient {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(3);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(30);
  private static final Duration AS_LONG_AS_IT_TAKES = Duration.ZERO;
  private static final int SHOWN_MAX = 300;
  private static final int REFUSED = 409;

  private final String base;
  private final Optional<String> key;

  public EdgeClient(String base, Optional<String> key) {
    this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    this.key = key;
  }

  public String base() {
    return base;
  }

  public JsonNode get(String path) {
    return json(path, "GET", null);
  }

  public JsonNode post(String path, JsonNode body) {
    return json(path, "POST", body);
  }

  public JsonNode put(String path, JsonNode body) {
    return json(path, "PUT", body);
  }

  public JsonNode delete(String path) {
    return json(path, "DELETE", null);
  }

  /** An answer that may take minutes; without a body it is read. */
  public JsonNode slowly(String path, @Nullable JsonNode body) {
    var method = body == null ? "GET" : "POST";
    try (var reply = accepted(send(path, method, body, Map.of(), AS_LONG_AS_IT_TAKES))) {
      return Json.parse(reply.text());
    } catch (JsonProcessingException e) {
      throw VerbException.failed(base + path + " answered with something that is not JSON");
    } catch (IOException e) {
      throw unanswered(e);
    }
  }

  /** An answer of any length, read as it is made; refuses an error. */
  public EdgeReply read(String path) {
    try {
      return accepted(send(path, "GET", null, Map.of(), ANSWER_MAX));
    } catch (IOException e) {
      throw unanswered(e);
    }
  }

  /** Copies an answer of any length as it comes. */
  public void copy(String path, OutputStream to) {
    try (var reply = accepted(send(path, "GET", null, Map.of(), ANSWER_MAX))) {
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
    try (var reply = send(path, "POST", body, Map.of(), ANSWER_MAX)) {
      if (reply.status() == REFUSED) {
        return Json.object()
            .put("accepted", false)
            .put("node", node)
            .put("message", message(reply));
      }
      return Json.parse(accepted(reply).text());
    } catch (JsonProcessingException e) {
      throw VerbException.failed(base + path + " answered with something that is not JSON");
    } catch (IOException e) {
      throw unanswered(e);
    }
  }

  /** An answer that takes as long as it takes, read as it is made; refuses an error. */
  public EdgeReply ask(String path, JsonNode body, Map<String, String> headers) {
    try {
      return accepted(send(path, "POST", body, headers, AS_LONG_AS_IT_TAKES));
    } catch (IOException e) {
      throw unanswered(e);
    }
  }

  /** Status of a path, or nothing if nobody answers. */
  public Optional<Integer> status(String path) {
    try (var reply = send(path, "GET", null, Map.of(), CONNECT_MAX)) {
      reply.body().transferTo(java.io.OutputStream.nullOutputStream());
      return Optional.of(reply.status());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** A header of a path's answer, or nothing if nobody answers or it has none. */
  public Optional<String> header(String path, String name) {
    try (var reply = send(path, "GET", null, Map.of(), CONNECT_MAX)) {
      reply.body().transferTo(java.io.OutputStream.nullOutputStream());
      return reply.header(name);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** What to say when a connection broke. */
  public VerbException unanswered(IOException e) {
    if (e instanceof ConnectException) {
      return VerbException.failed(
          "nothing answers at "
              + base
              + ". Start a cluster here with ./broke demo or ./broke up, or say where one is with"
              + " --port, --url or --data-dir");
    }
    return VerbException.failed(
        base + " did not answer properly: " + e + ". For a check of everything: ./broke doctor");
  }

  private JsonNode json(String path, String method, @Nullable JsonNode body) {
    try (var reply = accepted(send(path, method, body, Map.of(), ANSWER_MAX))) {
      return Json.parse(reply.text());
    } catch (JsonProcessingException e) {
      throw VerbException.failed(
          base
              + path
              + " answered with something that is not JSON: is this a BROKE host? Say where one"
              + " is with --port or --url");
    } catch (IOException e) {
      throw unanswered(e);
    }
  }

  private EdgeReply send(
      String path,
      String method,
      @Nullable JsonNode body,
      Map<String, String> headers,
      Duration silenceMax)
      throws IOException {
    var connection = open(path);
    connection.setRequestMethod(method);
    connection.setConnectTimeout((int) CONNECT_MAX.toMillis());
    connection.setReadTimeout((int) silenceMax.toMillis());
    connection.setInstanceFollowRedirects(false);
    key.ifPresent(value -> connection.setRequestProperty("Authorization", "Bearer " + value));
    headers.forEach(connection::setRequestProperty);
    if (body != null) {
      write(connection, body.toString().getBytes(StandardCharsets.UTF_8));
    }
    int status = connection.getResponseCode();
    return new EdgeReply(status, headers(connection), body(connection, status));
  }

  private HttpURLConnection open(String path) throws IOException {
    try {
      if (URI.create(base + path).toURL().openConnection() instanceof HttpURLConnection http) {
        return http;
      }
      throw VerbException.misuse("not an HTTP address: " + base);
    } catch (IllegalArgumentException e) {
      throw VerbException.misuse("not a usable address: " + base + " (" + e.getMessage() + ")");
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

  private EdgeReply accepted(EdgeReply reply) throws IOException {
    if (reply.status() < 300) {
      return reply;
    }
    try (reply) {
      var text = reply.status() == 401 ? unauthorized() : message(reply);
      throw VerbException.failed("%s (HTTP %d from %s)".formatted(text, reply.status(), base));
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
    try {
      var message = Json.find(Json.parse(text), "error.message");
      if (message.isPresent()) {
        return message.get().asText();
      }
    } catch (JsonProcessingException e) {
      return shortened(text);
    }
    return shortened(text);
  }

  private static String shortened(String text) {
    if (text.isEmpty()) {
      return "refused";
    }
    return text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "…" : text;
  }
}
