package org.brokecluster.shared.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds out whether a port is free, and if not, who answers there. May block for about 3 s. */
public final class PortProbe {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Pattern MODEL_ID = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]{1,100})\"");

  private final String bind;
  private final int port;

  /** For one address of this machine. */
  public PortProbe(String bind, int port) {
    this.bind = bind;
    this.port = port;
  }

  /** Whether something already listens there. Port 0 is always free. */
  public boolean taken() {
    if (port == 0) {
      return false;
    }
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(bind), port));
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /**
   * What to tell a user who wanted this port for HTTP.
   *
   * @param verb the verb that wanted it, for the examples
   */
  public String advice(String verb) {
    var url = "http://" + (bind.equals("0.0.0.0") ? "127.0.0.1" : bind) + ":" + port;
    var other = "./broke " + verb + " --port " + (port < 65_535 ? port + 1 : port - 1);
    var head = "port " + port + " is taken";
    if (get(url + "/health").filter(PortProbe::isOurs).isPresent()) {
      return head
          + " by a BROKE host that is already running. Look at it with ./broke status --port "
          + port
          + ", or start a second one beside it: "
          + other
          + " --data-dir FOLDER";
    }
    var models = get(url + "/v1/models");
    if (models.isPresent()) {
      var named = firstModel(models.get()).map(id -> " (it has " + id + ")").orElse("");
      return head
          + " by a model server that speaks OpenAI's API"
          + named
          + ". To use it through this cluster: "
          + other.replace("./broke demo", "./broke up")
          + " --runtime openai="
          + url;
    }
    var any = get(url + "/").isPresent() ? " by another HTTP server" : " by another program";
    return head + any + ". Stop it, or choose another port: " + other;
  }

  private static boolean isOurs(String health) {
    return health.replace(" ", "").contains("\"service\":\"broke\"");
  }

  private static Optional<String> firstModel(String json) {
    var match = MODEL_ID.matcher(json);
    return match.find() ? Optional.ofNullable(match.group(1)) : Optional.empty();
  }

  private static Optional<String> get(String url) {
    var client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    var request = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build();
    try {
      var response = client.send(request, HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200 ? Optional.of(response.body()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
