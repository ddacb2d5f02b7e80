package org.brokecluster.coordinator.http.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.brokecluster.coordinator.http.TestEdge;
import org.brokecluster.shared.host.StartException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On which addresses an edge listens, and what it says when it cannot. */
class ListenersTest {
  private static final String[] OPEN = {"insecure-lan = true", "api-keys = [long-enough]"};

  private final TestEdge edge = TestEdge.start();

  @AfterEach
  void stop() {
    edge.close();
  }

  @Test
  void staysOnLoopbackUnlessBothPrecautionsAreTaken() {
    assertThatThrownBy(() -> start("0.0.0.0", 0))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("--insecure-lan and an API key");
    assertThatThrownBy(() -> start("0.0.0.0", 0, "insecure-lan = true"))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("BROKE_API_KEY");
  }

  @Test
  void listensOnLoopbackAsWellAsOnTheAddressGiven() throws Exception {
    var own = ownAddress().getHostAddress();
    var bound = start(own, 0, OPEN);

    assertThat(bound.reachable().getAddress().getHostAddress()).isEqualTo(own);
    assertThat(bound.address().getAddress().isLoopbackAddress()).isTrue();
    assertThat(bound.address().getPort()).isEqualTo(bound.reachable().getPort());
    assertThat(accepts(bound.address())).isTrue();
    assertThat(accepts(bound.reachable())).isTrue();

    bound.stop(java.time.Duration.ZERO).toCompletableFuture().get(60, TimeUnit.SECONDS);
    assertThat(accepts(bound.address())).isFalse();
    assertThat(accepts(bound.reachable())).isFalse();
  }

  @Test
  void listensOnNothingWhenOneOfTheAddressesIsTaken() throws Exception {
    var address = ownAddress();
    var own = address.getHostAddress();
    try (var stranger = new ServerSocket(0, 1, address)) {
      int port = stranger.getLocalPort();

      assertThatThrownBy(() -> start(own, port, OPEN))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("port " + port + " on " + own + " is taken");

      assertThat(accepts(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))).isFalse();
    }
  }

  @Test
  void refusesWhenLoopbackIsTaken() {
    var own = ownAddress().getHostAddress();

    assertThatThrownBy(() -> start(own, edge.port(), OPEN))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("port " + edge.port() + " is taken by a BROKE host")
        .hasMessageContaining("(studio, version 1.2.3)");
  }

  @Test
  void saysThatAStrangerHoldsATakenPort() throws IOException {
    try (var stranger = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      var closing = CompletableFuture.runAsync(() -> greetAndClose(stranger));

      assertThatThrownBy(() -> start("127.0.0.1", stranger.getLocalPort()))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("is taken by another program");
      assertThat(closing).isNotCompletedExceptionally();
    }
  }

  @Test
  void saysThatAnAddressIsNotThisMachines() {
    assertThatThrownBy(() -> start("203.0.113.1", 0, OPEN))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("this machine has no address 203.0.113.1")
        .hasMessageContaining("127.0.0.1");
  }

  private HttpServer.Bound start(String bind, int port, String... lines) throws StartException {
    return HttpServer.start(
        TestEdge.settings(lines).at(bind, port),
        edge.kit().system(),
        edge.metrics(),
        (request, watch) -> new CompletableFuture<>());
  }

  private static void greetAndClose(ServerSocket stranger) {
    try {
      while (!stranger.isClosed()) {
        try (var visitor = stranger.accept()) {
          visitor.getOutputStream().write("SSH-2.0-OpenSSH\r\n".getBytes(US_ASCII));
        }
      }
    } catch (IOException e) {
      assertThat(stranger.isClosed()).isTrue();
    }
  }

  private static boolean accepts(InetSocketAddress address) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(address, 1_000);
      return true;
    } catch (java.net.ConnectException e) {
      return false;
    }
  }

  /** An address of this machine that others can reach. */
  private static InetAddress ownAddress() {
    try {
      var found =
          NetworkInterface.networkInterfaces()
              .flatMap(NetworkInterface::inetAddresses)
              .filter(each -> each instanceof Inet4Address && !each.isLoopbackAddress())
              .findFirst();
      assumeTrue(found.isPresent(), "this machine has loopback addresses only");
      return found.get();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
