package org.brokecluster.shared.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartChecksTest {
  @TempDir private Path folder;

  @Test
  void letsLoopbackPass() {
    assertThat(LanRule.refusal(List.of("127.0.0.1", "localhost", "::1"), false, false)).isEmpty();
  }

  @Test
  void refusesAnOpenAddressWithoutBothPrecautions() {
    assertThat(LanRule.refusal(List.of("10.1.2.3"), false, false).orElseThrow())
        .contains("without --insecure-lan and an API key");
    assertThat(LanRule.refusal(List.of("10.1.2.3"), true, false).orElseThrow())
        .contains("without an API key");
    assertThat(LanRule.refusal(List.of("10.1.2.3"), false, true).orElseThrow())
        .contains("without --insecure-lan");
    assertThat(LanRule.refusal(List.of("10.1.2.3"), true, true)).isEmpty();
  }

  @Test
  void looksAtEveryAddress() {
    assertThat(LanRule.refusal(List.of("127.0.0.1", "0.0.0.0"), false, false)).isPresent();
  }

  @Test
  void givesAFolderToOneOnlyAndTellsWhoHasIt() throws Exception {
    try (var lock = DataFolderLock.take(folder)) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(() -> DataFolderLock.take(folder))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("in use by process " + ProcessHandle.current().pid())
          .hasMessageContaining("--data-dir");
    }
    assertThatCode(() -> DataFolderLock.take(folder).close()).doesNotThrowAnyException();
  }

  @Test
  void knowsAFreePortFromATakenOne() throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
      assertThat(new PortProbe("127.0.0.1", port).taken()).isTrue();
    }
    assertThat(new PortProbe("127.0.0.1", port).taken()).isFalse();
    assertThat(new PortProbe("127.0.0.1", 0).taken()).isFalse();
    assertThat(new PortProbe("127.0.0.1", 0).refusal("up")).isEmpty();
  }

  @Test
  void tellsATakenPortFromAnAddressThatCannotBeHad() {
    assertThat(new PortProbe("203.0.113.1", 8000).taken()).isFalse();
    assertThat(new PortProbe("203.0.113.1", 8000).refusal("up").orElseThrow())
        .contains("this machine has no address 203.0.113.1")
        .contains("127.0.0.1");
    assertThat(new PortProbe("no-such-name.invalid", 25520).clusterRefusal().orElseThrow())
        .contains("nobody knows the address no-such-name.invalid");
  }

  @Test
  void saysHowToUseAModelServerThatHasThePort() throws IOException {
    assertThat(advice(Map.of("/v1/models", "{\"data\": [{\"id\": \"qwen3-4b\"}]}")))
        .contains("qwen3-4b")
        .contains("--runtime openai=http://127.0.0.1:");
  }

  @Test
  void recognisesOneOfOurOwn() throws IOException {
    assertThat(
            advice(
                Map.of("/health", "{\"service\":\"broke\",\"node\":\"mini\",\"version\":\"1.2\"}")))
        .contains("a BROKE host that is already running (mini, version 1.2)")
        .contains("./broke status --port ");
  }

  @Test
  void saysThatSomethingElseHasThePort() throws IOException {
    assertThat(advice(Map.of())).contains("by another program").contains("./broke up --port ");
  }

  private static String advice(Map<String, String> pages) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          var page = pages.getOrDefault(exchange.getRequestURI().getPath(), "");
          var bytes = page.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(page.isEmpty() ? 404 : 200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    try {
      var patience = Duration.ofSeconds(60);
      return new PortProbe("127.0.0.1", server.getAddress().getPort(), patience)
          .refusal("up")
          .orElseThrow();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void leavesAnAddressThatOthersFind() throws IOException {
    var address = new EdgeAddress("http://127.0.0.1:8000", ProcessHandle.current().pid());

    address.writeTo(folder);

    assertThat(EdgeAddress.readFrom(folder)).contains(address);
    assertThat(address.alive()).isTrue();
    EdgeAddress.removeFrom(folder);
    assertThat(EdgeAddress.readFrom(folder)).isEmpty();
  }

  @Test
  void takesAnUnreadableAddressForNone() throws IOException {
    java.nio.file.Files.writeString(folder.resolve("edge.json"), "{half");

    assertThat(EdgeAddress.readFrom(folder)).isEmpty();
  }
}
