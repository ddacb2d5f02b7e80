package org.brokecluster.coordinator.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.brokecluster.shared.host.EdgeAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class EdgeClientTest {
  @TempDir private Path folder;
  private final FakeEdge edge = new FakeEdge();

  @Command(name = "asking")
  static final class Asking implements Callable<Integer> {
    @Mixin private EdgeFlags flags;

    @Override
    public Integer call() {
      return flags.show("/api/nodes", String::valueOf);
    }
  }

  @AfterEach
  void close() {
    edge.close();
  }

  @Test
  void saysWhatWasTriedAndHowToStart() {
    var client = new EdgeClient("http://127.0.0.1:1", Optional.empty());

    assertThatThrownBy(() -> client.get("/api/nodes"))
        .hasMessageContaining("nothing answers at http://127.0.0.1:1")
        .hasMessageContaining("./broke demo")
        .hasMessageContaining("--port, --url or --data-dir");
  }

  @Test
  void saysThatSomethingElseAnswers() {
    edge.says("/api/nodes", "<html>");
    var client = new EdgeClient(edge.url() + "/", Optional.empty());

    assertThatThrownBy(() -> client.get("/api/nodes"))
        .hasMessageContaining("is this a BROKE host?");
  }

  @Test
  void showsAnErrorThatIsNotInTheUsualShape() {
    edge.says("/api/nodes", 502, "Bad Gateway", Map.of());
    var client = new EdgeClient(edge.url(), Optional.empty());

    assertThatThrownBy(() -> client.get("/api/nodes"))
        .hasMessageContaining("Bad Gateway (HTTP 502");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "404 page not found",
        "{}",
        "{\"error\":{\"code\":404,\"message\":\"File Not Found\",\"type\":\"not_found_error\"}}"
      })
  void knowsAModelServerFromAnEdge(String body) {
    edge.says("/api/nodes", 404, body, Map.of());

    var client = new EdgeClient(edge.url(), Optional.empty());

    assertThatThrownBy(() -> client.get("/api/nodes"))
        .hasMessageStartingWith("what answers there is no BROKE host; say where one is")
        .hasMessageContaining(edge.url());
  }

  @Test
  void saysHowToShowAKey() {
    edge.says("/api/nodes", 401, "{\"error\":{\"message\":\"Authorization: Bearer\"}}", Map.of());

    assertThatThrownBy(() -> new EdgeClient(edge.url(), Optional.empty()).get("/api/nodes"))
        .hasMessageContaining("wants an API key")
        .hasMessageContaining("BROKE_API_KEY");
    assertThatThrownBy(() -> new EdgeClient(edge.url(), Optional.of("wrong")).get("/api/nodes"))
        .hasMessageContaining("is not one of this cluster's");
  }

  @Test
  void refusesAnAddressThatCannotBeOne() {
    var client = new EdgeClient("http://a b", Optional.empty());

    assertThatThrownBy(() -> client.get("/x")).hasMessageContaining("not a usable address");
  }

  @Test
  void findsARunningHostByItsDataFolder() throws IOException {
    new EdgeAddress(edge.url(), ProcessHandle.current().pid()).writeTo(folder);
    edge.says("/api/nodes", "[]");

    assertThat(new CommandLine(new Asking()).execute("--data-dir", folder.toString())).isZero();

    assertThat(edge.asked).containsExactly("GET /api/nodes");
  }

  @Test
  void doesNotTrustTheAddressOfADeadProcess() throws IOException {
    new EdgeAddress(edge.url(), Integer.MAX_VALUE).writeTo(folder);
    var command = new CommandLine(new Asking());
    command.setExecutionExceptionHandler(
        (e, line, result) -> {
          assertThat(e).hasMessageContaining("no running host has its data folder at " + folder);
          return 1;
        });

    assertThat(command.execute("--data-dir", folder.toString())).isEqualTo(1);
  }
}
