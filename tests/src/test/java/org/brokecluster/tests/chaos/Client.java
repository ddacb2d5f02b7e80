package org.brokecluster.tests.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.brokecluster.tests.harness.BrokeClient;

/**
 * Runs errands and compares every answer with what it must be. Gives up a request that takes longer
 * than it may, and calls that hung. Safe for use from many threads.
 */
final class Client implements AutoCloseable {
  private static final String GOES_ON = "the answer goes on";

  private final String base;
  private final Oracle oracle;
  private final Duration most;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor();

  /**
   * A client of one edge.
   *
   * @param most longest a request may take before it counts as hung
   */
  Client(String base, Oracle oracle, Duration most) {
    this.base = base;
    this.oracle = oracle;
    this.most = most;
  }

  /** Runs one errand to its end. */
  Tale run(Errand errand) {
    var truth = oracle.truth(errand.model(), errand.body());
    try {
      var response = send(errand);
      return errand.stream() && response.statusCode() == 200
          ? stream(errand, truth, response)
          : whole(errand, truth, response);
    } catch (TimeoutException e) {
      return tale(errand, Tale.End.HUNG, "no headers");
    } catch (ExecutionException | IOException | UncheckedIOException e) {
      return tale(errand, Tale.End.LOST, String.valueOf(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return tale(errand, Tale.End.LOST, "interrupted");
    }
  }

  private HttpResponse<InputStream> send(Errand errand)
      throws ExecutionException, TimeoutException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(base + "/v1/chat/completions"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(errand.sent()));
    if (!errand.headers().isEmpty()) {
      request.headers(errand.headers().toArray(String[]::new));
    }
    return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream())
        .get(most.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Tale whole(Errand errand, Oracle.Truth truth, HttpResponse<InputStream> response)
      throws IOException {
    JsonNode json;
    try (var body = response.body()) {
      json = BrokeClient.parse(new String(body.readAllBytes(), StandardCharsets.UTF_8));
    }
    if (response.statusCode() != 200) {
      var code = json.at("/error/code").asText("");
      var end = code.isEmpty() ? Tale.End.CORRUPTED : Tale.End.ERROR;
      return tale(errand, end, response.statusCode() + " " + code + why(json));
    }
    int attempts =
        response.headers().firstValue("x-broke-attempts").map(Integer::parseInt).orElse(0);
    var text = json.at("/choices/0/message/content").asText("");
    var finish = json.at("/choices/0/finish_reason").asText("");
    int tokens = json.at("/usage/completion_tokens").asInt(-1);
    var wrong = difference(truth, text, finish, tokens);
    var end = wrong.isEmpty() ? Tale.End.ANSWERED : Tale.End.CORRUPTED;
    return new Tale(errand.kind(), end, false, attempts, 0, wrong);
  }

  private Tale stream(Errand errand, Oracle.Truth truth, HttpResponse<InputStream> response) {
    var listener = new StreamEar();
    var timer =
        watchdog.schedule(
            () -> closeQuietly(response.body()), most.toMillis(), TimeUnit.MILLISECONDS);
    var broken = "";
    try (var lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        listener.hear(line);
      }
    } catch (IOException e) {
      broken = e.toString();
    }
    if (!timer.cancel(false)) {
      return tale(errand, Tale.End.HUNG, "after %d characters".formatted(listener.text().length()));
    }
    return listener.tale(errand, truth, broken);
  }

  private static void closeQuietly(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What of an answer is not as it must be; empty for nothing. Says where, never what. */
  static String difference(Oracle.Truth truth, String text, String finish, int tokens) {
    if (!text.equals(truth.text())) {
      return "the text departs at %d of %d, has %d"
          .formatted(departs(truth.text(), text), truth.text().length(), text.length());
    }
    if (!finish.equals(truth.finish())) {
      return "finish reason " + finish + " instead of " + truth.finish();
    }
    return tokens == truth.tokens()
        ? ""
        : "usage says %d tokens instead of %d".formatted(tokens, truth.tokens());
  }

  /** Where two texts begin to differ. */
  static int departs(String truth, String text) {
    int at = 0;
    while (at < Math.min(truth.length(), text.length()) && truth.charAt(at) == text.charAt(at)) {
      at++;
    }
    return at;
  }

  static boolean tellsOfRescue(String comment) {
    return comment.contains(GOES_ON);
  }

  private static String why(JsonNode json) {
    return ": " + json.at("/error/message").asText("");
  }

  private static Tale tale(Errand errand, Tale.End end, String detail) {
    return new Tale(errand.kind(), end, false, 0, 0, detail);
  }

  @Override
  public void close() {
    watchdog.shutdownNow();
  }
}
