package org.brokecluster.node.detect;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cheap look at the ports that model servers listen on unless they are told otherwise. Only what
 * is clearly a model server is named; nothing is loaded or changed there. Blocks for a second or
 * two at most.
 */
public final class RuntimeDetection {
  private static final Logger LOG = LoggerFactory.getLogger(RuntimeDetection.class);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(2);
  private static final int BODY_MAX = 1 << 20;
  private static final int OK = 200;

  /** A port, and what may listen there. */
  record Place(URI address, List<ServerSign> signs) {}

  private static final List<Place> USUAL =
      List.of(
          new Place(URI.create("http://127.0.0.1:11434"), List.of(ServerSign.OLLAMA)),
          new Place(URI.create("http://127.0.0.1:1234"), List.of(ServerSign.LM_STUDIO)),
          new Place(
              URI.create("http://127.0.0.1:8080"), List.of(ServerSign.LLAMA, ServerSign.MLX)));

  private static final List<String> PROGRAMS =
      List.of("ollama", "llama-server", "lms", "mlx_lm.server");

  private final List<Place> places;
  private final Duration answerMax;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Looks at the usual ports of this machine. */
  public RuntimeDetection() {
    this(USUAL, ANSWER_MAX);
  }

  /**
   * Looks at some ports.
   *
   * @param answerMax how long to wait for each answer, the connection included
   */
  RuntimeDetection(List<Place> places, Duration answerMax) {
    this.places = List.copyOf(places);
    this.answerMax = answerMax;
  }

  /** What is there, in the order of preference. */
  public List<Detected> look() {
    var found = new ArrayList<Detected>();
    for (var place : places) {
      at(place).ifPresent(found::add);
    }
    return found;
  }

  private Optional<Detected> at(Place place) {
    for (var sign : place.signs()) {
      var answer = ask(place.address().resolve(sign.path()));
      if (answer.isEmpty()) {
        return Optional.empty();
      }
      var label = answer.get().label(sign);
      if (label.isPresent()) {
        return Optional.of(new Detected(label.get(), sign.kind() + "=" + place.address()));
      }
    }
    return Optional.empty();
  }

  /** What a server said. */
  private record Said(int status, String server, String body) {
    private Optional<String> label(ServerSign sign) {
      return status == OK ? sign.label(server, body) : Optional.empty();
    }
  }

  /** Nothing if nobody listens there, or whoever does is silent. */
  private Optional<Said> ask(URI address) {
    var request = HttpRequest.newBuilder(address).timeout(answerMax).GET().build();
    try {
      var response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (var body = response.body()) {
        var server = response.headers().firstValue("Server").orElse("");
        return Optional.of(new Said(response.statusCode(), server, text(body)));
      }
    } catch (IOException e) {
      LOG.debug("no model server: address={} reason={}", address, e.toString());
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static String text(InputStream body) throws IOException {
    return new String(body.readNBytes(BODY_MAX), StandardCharsets.UTF_8);
  }

  /** Programs on the PATH that serve models, running or not. */
  public static List<String> installed(Map<String, String> environment) {
    var folders = environment.getOrDefault("PATH", "").split(":", -1);
    return PROGRAMS.stream()
        .filter(
            program ->
                Stream.of(folders)
                    .filter(folder -> !folder.isBlank())
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, program))))
        .toList();
  }
}
