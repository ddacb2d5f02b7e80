package org.brokecluster.node.detect;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.brokecluster.node.Soon;
import org.brokecluster.node.runtime.openai.RuntimeSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuntimeDetectionTest {
  private static final List<ServerSign> ALL = List.of(ServerSign.values());

  @TempDir private Path folder;
  private final List<HttpServer> servers = new ArrayList<>();

  @AfterEach
  void stop() {
    servers.forEach(server -> server.stop(0));
  }

  private URI serving(String path, String body) {
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            try (exchange) {
              var bytes = body.getBytes(StandardCharsets.UTF_8);
              boolean known = exchange.getRequestURI().getPath().equals(path);
              exchange.sendResponseHeaders(known ? 200 : 404, known ? bytes.length : -1);
              if (known) {
                exchange.getResponseBody().write(bytes);
              }
            }
          });
      server.start();
      servers.add(server);
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Detected> look(URI address) {
    return look(address, Soon.LIMIT);
  }

  private static List<Detected> look(URI address, Duration answerMax) {
    var places = List.of(new RuntimeDetection.Place(address, ALL));
    return new RuntimeDetection(places, answerMax).look();
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/version|{\"version\":\"0.13.1\"}|Ollama 0.13.1|ollama",
        "/api/v0/models|{\"data\":[{\"id\":\"x\",\"state\":\"not-loaded\"}]}|LM Studio|lmstudio",
        "/v1/models|{\"data\":[{\"id\":\"x\",\"owned_by\":\"llamacpp\"}]}|llama-server|llama"
      })
  void knowsAModelServerByWhatOnlyItSays(String path, String body, String label, String kind) {
    var address = serving(path, body);

    assertThat(look(address)).containsExactly(new Detected(label, kind + "=" + address));
  }

  @Test
  void knowsMlxByPythonsServerAndAListWithoutOwners() {
    var list = "{\"object\":\"list\",\"data\":[{\"id\":\"x\",\"object\":\"model\",\"created\":1}]}";

    assertThat(ServerSign.MLX.label("BaseHTTP/0.6 Python/3.12.3", list)).contains("mlx_lm.server");
    assertThat(ServerSign.MLX.label("uvicorn", list)).isEmpty();
    assertThat(ServerSign.MLX.label("BaseHTTP/0.6 Python/3.12.3", "<html>")).isEmpty();
  }

  @Test
  void leavesAloneWhatMightBeAnything() {
    assertThat(look(serving("/v1/models", "{\"data\":[{\"id\":\"x\",\"owned_by\":\"me\"}]}")))
        .isEmpty();
    assertThat(look(serving("/", "<html>hello</html>"))).isEmpty();
    assertThat(look(URI.create("http://127.0.0.1:1"))).isEmpty();
  }

  @Test
  void doesNotWaitLongForAServerThatIsSilent() throws IOException {
    try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      var address = URI.create("http://127.0.0.1:" + silent.getLocalPort());
      long begun = System.nanoTime();

      assertThat(look(address, Duration.ofMillis(500))).isEmpty();

      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Soon.LIMIT);
    }
  }

  @Test
  void namesServersAsTheConfigurationDoes() {
    for (var sign : ServerSign.values()) {
      var spec = RuntimeSpec.parse(sign.kind() + "=http://127.0.0.1:8080");
      assertThat(spec.kind()).isEqualTo(sign.kind());
    }
  }

  @Test
  void findsProgramsOnThePath() throws IOException {
    var program = Files.createFile(folder.resolve("ollama"));
    assertThat(program.toFile().setExecutable(true)).isTrue();

    assertThat(RuntimeDetection.installed(Map.of("PATH", "/nowhere:" + folder)))
        .containsExactly("ollama");
    assertThat(RuntimeDetection.installed(Map.of())).isEmpty();
  }
}
