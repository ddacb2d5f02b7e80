package org.brokecluster.shared.host;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether this process may listen on an address and port, and if not, why: who answers
 * there, or what is wrong with the address. May block for about 3 s, all of which are the first
 * question's if need be: a busy machine answers late.
 */
public final class PortProbe {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int SHOWN_MAX = 60;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String bind;
  private final int port;
  private final Duration patience;

  /** For one address of this machine. */
  public PortProbe(String bind, int port) {
    this(bind, port, PATIENCE);
  }

  /**
   * The same with another patience.
   *
   * @param patience for all questions to whoever listens there
   */
  PortProbe(String bind, int port, Duration patience) {
    this.bind = bind;
    this.port = port;
    this.patience = patience;
  }

  /** Whether something already listens there. Port 0 is always free. */
  public boolean taken() {
    var obstacle = obstacle();
    return obstacle != null && isTaken(obstacle);
  }

  /**
   * What to tell a user whose host cannot listen there for HTTP; empty if it can.
   *
   * @param verb the verb that wanted it, for the examples
   */
  public Optional<String> refusal(String verb) {
    return Optional.ofNullable(obstacle())
        .map(obstacle -> isTaken(obstacle) ? takenPort(verb) : reason(obstacle, "--port"));
  }

  /** What to tell a user whose host cannot listen there for the cluster; empty if it can. */
  Optional<String> clusterRefusal() {
    return Optional.ofNullable(obstacle())
        .map(
            obstacle ->
                isTaken(obstacle)
                    ? "the cluster port %d is taken on %s: stop what listens there, or choose another with --cluster-port"
                        .formatted(port, bind)
                    : reason(obstacle, "--cluster-port"));
  }

  private @Nullable IOException obstacle() {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(bind), port));
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  private static boolean isTaken(IOException obstacle) {
    return obstacle instanceof BindException && message(obstacle).contains("in use");
  }

  private static String message(IOException obstacle) {
    return String.valueOf(obstacle.getMessage()).toLowerCase(Locale.ROOT);
  }

  private String reason(IOException obstacle, String flag) {
    if (obstacle instanceof UnknownHostException) {
      return "nobody knows the address %s; give one of this machine's own with --bind: %s"
          .formatted(bind, ownAddresses());
    }
    if (message(obstacle).contains("assign")) {
      return "this machine has no address %s; give one of its own with --bind: %s"
          .formatted(bind, ownAddresses());
    }
    if (message(obstacle).contains("denied")) {
      return "this user may not listen on port %d; choose one above 1023 with %s"
          .formatted(port, flag);
    }
    return "cannot listen on %s port %d: %s".formatted(bind, port, obstacle.getMessage());
  }

  private static String ownAddresses() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> address instanceof Inet4Address)
          .sorted(Comparator.comparing(InetAddress::isLoopbackAddress))
          .map(InetAddress::getHostAddress)
          .limit(8)
          .collect(Collectors.joining(", "));
    } catch (SocketException e) {
      return "127.0.0.1";
    }
  }

  private String takenPort(String verb) {
    var url = HostAddress.url(HostAddress.isWildcard(bind) ? "127.0.0.1" : bind, port);
    var other = "./broke " + verb + " --port " + (port < 65_535 ? port + 1 : port - 1);
    var where = HostAddress.isLoopback(bind) || HostAddress.isWildcard(bind) ? "" : " on " + bind;
    var head = "port " + port + where + " is taken";
    long begun = System.nanoTime();
    var health = get(url + "/health", begun);
    if (health.filter(PortProbe::isOurs).isPresent()) {
      return head
          + " by a BROKE host that is already running"
          + named(health.get())
          + ". Look at it with ./broke status --port "
          + port
          + ", or start a second one beside it: "
          + other
          + " --data-dir FOLDER";
    }
    var models = get(url + "/v1/models", begun);
    if (models.isPresent()) {
      return head
          + " by a model server that speaks OpenAI's API"
          + firstModel(models.get())
          + ". To use it through this cluster: "
          + other.replace("./broke demo", "./broke up")
          + " --runtime openai="
          + url;
    }
    var any = get(url + "/", begun).isPresent() ? " by another HTTP server" : " by another program";
    return head + any + ". Stop it, or choose another port: " + other;
  }

  private static boolean isOurs(JsonNode health) {
    return health.path("service").asText().equals("broke");
  }

  private static String named(JsonNode health) {
    var node = clip(health.path("node").asText());
    return node.isEmpty()
        ? ""
        : " (" + node + ", version " + clip(health.path("version").asText("?")) + ")";
  }

  private static String firstModel(JsonNode models) {
    var id = clip(models.path("data").path(0).path("id").asText());
    return id.isEmpty() ? "" : " (it has " + id + ")";
  }

  /** A stranger's text, fit for a terminal. */
  private static String clip(String text) {
    var line = text.replaceAll("\\p{Cntrl}", " ");
    return line.length() <= SHOWN_MAX ? line : line.substring(0, SHOWN_MAX);
  }

  /**
   * The JSON of a page that exists; a missing node where it is no JSON.
   *
   * @param begun when the first question was asked, by {@link System#nanoTime}
   */
  private Optional<JsonNode> get(String url, long begun) {
    var left = patience.minusNanos(System.nanoTime() - begun);
    if (left.isNegative() || left.isZero()) {
      return Optional.empty();
    }
    var client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(left).build();
    try {
      var request = HttpRequest.newBuilder(URI.create(url)).timeout(left).build();
      var response = client.send(request, HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200 ? Optional.of(parsed(response.body())) : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static JsonNode parsed(String body) {
    try {
      return JSON.readTree(body);
    } catch (JacksonException e) {
      return MissingNode.getInstance();
    }
  }
}
