package org.brokecluster.shared.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class SeedProbeTest {
  @Test
  void saysThatNothingListens() throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }

    assertThat(trouble(port))
        .startsWith("nothing listens at 127.0.0.1:" + port)
        .contains("./broke up --bind 127.0.0.1")
        .contains("--cluster-port");
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
      assertThat(trouble(silent.getLocalPort()))
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
    return new SeedProbe("127.0.0.1:" + port).trouble();
  }
}
