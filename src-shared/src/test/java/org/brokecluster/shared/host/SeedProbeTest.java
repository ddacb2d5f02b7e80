package org.brokecluster.shared.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SeedProbeTest {
  @Test
  void saysThatNothingListens() throws IOException {
    // Bound and not listening: nobody else can take the port meanwhile.
    try (var silent = new Socket()) {
      silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      int port = silent.getLocalPort();

      assertThat(trouble(port))
          .startsWith("nothing listens at 127.0.0.1:" + port)
          .contains("./broke up --bind 127.0.0.1")
          .contains("--cluster-port");
    }
  }

  @Test
  void saysThatThePortIsTheOneForHttp() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
    try {
      assertThat(trouble(server.getAddress().getPort()))
          .contains("answers HTTP; --join needs the cluster port")
          .contains("25520");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void saysWhatKeepsAMemberFromLettingThisOneIn() throws IOException {
    try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      assertThat(trouble(silent.getLocalPort(), Duration.ofSeconds(1)))
          .contains("has not let this machine in")
          .contains("--bind");
    }
  }

  @Test
  void saysThatNobodyKnowsAName() {
    assertThat(new SeedProbe("no-such-name.invalid:25520").trouble())
        .isEqualTo("nobody knows the name no-such-name.invalid: try its IP address");
  }

  private static String trouble(int port) {
    return trouble(port, Duration.ofSeconds(60));
  }

  private static String trouble(int port, Duration patience) {
    return new SeedProbe("127.0.0.1:" + port, patience).trouble();
  }
}
