package org.brokecluster.tests.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.brokecluster.tests.bench.LoadGenerator.Target;
import org.brokecluster.tests.harness.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The benchmark's tools against each other: what they measure must be true. */
class LoadGeneratorTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  private final Upstream upstream = Upstream.start(0);
  private final LoadGenerator generator =
      new LoadGenerator(new Target("127.0.0.1", URI.create(upstream.url()).getPort(), "mock"));

  @AfterEach
  void stop() {
    upstream.close();
  }

  @Test
  void answersInOnePieceAreWhole() {
    var result = generator.run(Load.whole(4, SHORT));

    assertThat(result.failures()).isEmpty();
    assertThat(result.completed()).isGreaterThanOrEqualTo(4);
    assertThat(result.latencyMillis(0.5)).isPositive().isLessThan(result.seconds() * 1_000);
    assertThat(result.firstTokenMillis(0.5)).isNaN();
  }

  @Test
  void streamsAtFullSpeedAreWhole() {
    var result = generator.run(Load.streams(8, SHORT));

    assertThat(result.failures()).isEmpty();
    assertThat(result.tokens()).isEqualTo(200L * result.completed()).isPositive();
    assertThat(result.firstTokenMillis(0.5)).isLessThanOrEqualTo(result.latencyMillis(0.99));
  }

  @Test
  void heldStreamsAreThereAtTheSameTimeAndPaced() {
    var held =
        new Load(
            "hold", 300, true, 5, Duration.ofMillis(100), Duration.ZERO, Duration.ofMillis(50), 0);

    var result = generator.run(held);

    assertThat(result.failures()).isEmpty();
    assertThat(result.completed()).isEqualTo(300);
    assertThat(result.latencyMillis(0.01)).isGreaterThanOrEqualTo(500);
    assertThat(upstream.active()).isZero();
  }

  @Test
  void aStreamThatBreaksOffIsAFailure() {
    var cut = new Load("cut", 5, true, 20, Duration.ofMillis(1), Duration.ZERO, Duration.ZERO, 7);

    var result = generator.run(cut);

    assertThat(result.completed()).isZero();
    assertThat(result.failures()).containsOnlyKeys("truncated").containsEntry("truncated", 5);
    assertThat(upstream.cancelled()).isEqualTo(5);
  }

  @Test
  void tokensOfSomebodyElseAreAFailure() throws IOException {
    var answer =
        "data: {\"choices\":[{\"delta\":{\"content\":\"r0t0 r0t1 \"},"
            + "\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          var bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    try {
      var target = new Target("127.0.0.1", server.getAddress().getPort(), "mock");
      var load = new Load("x", 2, true, 2, Duration.ZERO, Duration.ZERO, Duration.ZERO, 0);

      assertThat(new LoadGenerator(target).run(load).failures()).containsEntry("order", 2);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void whoDoesNotListenIsAFailure() throws IOException {
    var load = new Load("x", 2, false, 2, Duration.ZERO, Duration.ZERO, Duration.ZERO, 0);
    // Bound and not listening: nobody else can take the port meanwhile.
    try (var silent = new Socket()) {
      silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

      var result =
          new LoadGenerator(new Target("127.0.0.1", silent.getLocalPort(), "mock")).run(load);

      assertThat(result.completed()).isZero();
      assertThat(result.failures()).containsOnlyKeys("connect");
    }
  }

  @Test
  void knowsWhatAProcessUses() {
    var meter = new ProcessMeter(ProcessHandle.current());
    var before = meter.cpu();

    Await.until(
        Duration.ofMinutes(1),
        "it has used a step of the system's clock of CPU time",
        () -> {
          generator.run(Load.whole(2, SHORT));
          return meter.cpu().compareTo(before) > 0;
        },
        () -> "");
    assertThat(meter.peakMemoryMiB())
        .satisfiesAnyOf(
            value -> assertThat(value).isGreaterThan(20), value -> assertThat(value).isNaN());
  }
}
