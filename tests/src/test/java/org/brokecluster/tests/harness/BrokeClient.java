package org.brokecluster.tests.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Speaks HTTP to a running edge, as curl would. */
public final class BrokeClient {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final String base;

  private final String key;

  /** Talks to the edge at this base address. */
  public BrokeClient(String base) {
    this(base, "");
  }

  /** Talks to an edge that wants this API key. */
  public BrokeClient(String base, String key) {
    this.base = base;
    this.key = key;
  }

  /** The same for an answer of exactly so many tokens, from a simulated model. */
  public static String longChat(String model, String prompt, boolean stream, int tokens) {
    return chat(model, prompt, stream, tokens).replaceFirst("\\{", "{\"ignore_eos\":true,");
  }

  /** Base address. */
  public String base() {
    return base;
  }

  /** A body for {@code /v1/chat/completions}. */
  public static String chat(String model, String prompt, boolean stream, int maxTokens) {
    var body = JSON.createObjectNode().put("model", model).put("stream", stream);
    body.put("max_tokens", maxTokens);
    body.putArray("messages").addObject().put("role", "user").put("content", prompt);
    if (stream) {
      body.putObject("stream_options").put("include_usage", true);
    }
    return body.toString();
  }

  /** GET, whatever the status. */
  public HttpResponse<String> get(String path) {
    return send(request(path).GET());
  }

  /** GET with headers, whatever the status. */
  public HttpResponse<String> get(String path, String... headers) {
    return send(request(path).headers(headers).GET());
  }

  /** GET that parses the JSON answer. */
  public JsonNode getJson(String path) {
    return parse(get(path).body());
  }

  /** POST of a JSON body, whatever the status. */
  public HttpResponse<String> post(String path, String body, String... headers) {
    return send(posting(path, body, headers));
  }

  /** PUT of a JSON body, whatever the status. */
  public HttpResponse<String> put(String path, String body) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** POST that is answered later. */
  public CompletableFuture<HttpResponse<String>> postAsync(
      String path, String body, String... headers) {
    return http.sendAsync(
        posting(path, body, headers).build(), HttpResponse.BodyHandlers.ofString());
  }

  /** POST whose answer is read line by line as it comes. */
  public HttpResponse<Stream<String>> stream(String path, String body, String... headers) {
    try {
      return http.send(posting(path, body, headers).build(), HttpResponse.BodyHandlers.ofLines());
    } catch (IOException e) {
      throw new AssertionError("request failed: " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Parses JSON or fails. */
  public static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }

  private HttpRequest.Builder posting(String path, String body, String... headers) {
    var builder =
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      builder.headers(headers);
    }
    return builder;
  }

  private HttpRequest.Builder request(String path) {
    var builder = HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofMinutes(2));
    return key.isEmpty() ? builder : builder.header("Authorization", "Bearer " + key);
  }

  private HttpResponse<String> send(HttpRequest.Builder builder) {
    try {
      return http.send(builder.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError("request failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
