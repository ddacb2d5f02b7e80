package org.brokecluster.node.runtime.answer;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.brokecluster.node.runtime.http.HttpClient;
import org.brokecluster.node.runtime.http.HttpRequest;

/** Short questions to a model server, with a limit on time and size. Thread safe. */
public final class ServerCalls {
  private final HttpClient client;
  private final URI base;
  private final Map<String, String> headers;
  private final int longest;

  /**
   * Questions to one server.
   *
   * @param base address without a slash at the end
   * @param headers sent with every question
   * @param longest longest answer in bytes
   */
  public ServerCalls(HttpClient client, URI base, Map<String, String> headers, int longest) {
    this.client = client;
    this.base = base;
    this.headers = Map.copyOf(headers);
    this.longest = longest;
  }

  /** Asks for a path; fails if no whole answer comes in time, whatever its status. */
  public CompletionStage<AnswerCollector.Answer> get(String path, Duration timeout) {
    return send(HttpRequest.get(URI.create(base + path), headers), timeout, longest);
  }

  /** Sends JSON to a path; fails if no whole answer comes in time, whatever its status. */
  public CompletionStage<AnswerCollector.Answer> post(String path, byte[] json, Duration timeout) {
    return post(path, json, timeout, longest);
  }

  /** The same with an answer of at most so many bytes. */
  public CompletionStage<AnswerCollector.Answer> post(
      String path, byte[] json, Duration timeout, int most) {
    return send(HttpRequest.postJson(URI.create(base + path), headers, json), timeout, most);
  }

  /** A request for an answer, not yet sent. */
  public HttpRequest request(String path, byte[] json) {
    return HttpRequest.postJson(URI.create(base + path), headers, json);
  }

  /** The server's address. */
  public URI base() {
    return base;
  }

  private CompletionStage<AnswerCollector.Answer> send(
      HttpRequest request, Duration timeout, int most) {
    var collector = new AnswerCollector(most);
    var exchange = client.exchange(collector);
    exchange.send(request);
    return collector
        .answer()
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((done, error) -> exchange.cancel());
  }
}
