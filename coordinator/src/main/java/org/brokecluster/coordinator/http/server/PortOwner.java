package org.brokecluster.coordinator.http.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.brokecluster.coordinator.http.api.Health;

/** Finds out who already listens on a port, to tell the user. Blocks for at most two seconds. */
final class PortOwner {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int SHOWN_MAX = 60;

  private PortOwner() {}

  /** The message for a start that failed because the port could not be bound. */
  static String explain(String bind, int port, Throwable failure) {
    var cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof BindException && !String.valueOf(cause.getMessage()).contains("in use")) {
      return "cannot listen on %s port %d: %s; choose another with --bind or --port"
          .formatted(bind, port, cause.getMessage());
    }
    return "port %d on %s is taken: %s. Choose another with --port."
        .formatted(port, bind, whoAnswers(bind, port));
  }

  private static String whoAnswers(String bind, int port) {
    try {
      var address = InetAddress.getByName(bind);
      var host = address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
      var uri = URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
      var client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
      var request = HttpRequest.newBuilder(uri.resolve("/health")).timeout(PATIENCE).build();
      var response = client.send(request, BodyHandlers.ofString());
      return describe(response.body(), response.headers().firstValue("server").orElse(""), port);
    } catch (IOException | IllegalArgumentException e) {
      return "a program that does not answer HTTP listens there";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "another program listens there";
    }
  }

  private static String describe(String body, String server, int port) throws IOException {
    var health = new ObjectMapper().readTree(isObject(body) ? body : "{}");
    if (Health.SERVICE.equals(health.path("service").asText())) {
      return ("a BROKE edge (node %s, version %s) answers there;"
              + " attach to it with ./broke status --port %d")
          .formatted(
              clip(health.path("node").asText()), clip(health.path("version").asText()), port);
    }
    return "an HTTP server that is not ours answers there"
        + (server.isBlank() ? "" : " (" + clip(server) + ")");
  }

  private static boolean isObject(String body) {
    return body.startsWith("{") && body.length() < 10_000;
  }

  private static String clip(String text) {
    var line = text.replaceAll("\\p{Cntrl}", " ");
    return line.length() <= SHOWN_MAX ? line : line.substring(0, SHOWN_MAX);
  }
}
