package org.brokecluster.coordinator.request;

import static org.assertj.core.api.Assertions.assertThat;

import akka.http.javadsl.model.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.brokecluster.coordinator.http.openai.ChatCallReader;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.router.Placement;
import org.junit.jupiter.api.Test;

class StreamedAnswerTest {
  private static final Placement PLACEMENT =
      new Placement(
          ModelId.of("m"), NodeId.of("n"), Tier.BASIC, "balanced", 0.2, "prior", 10, 9_000, 0);

  private final CompletableFuture<HttpResponse> response = new CompletableFuture<>();
  private final StreamedAnswer answer = answer();

  @Test
  void headersThatGoOutWhileTheRequestWaitsTellWhenAnAnswerMayBegin() {
    answer.tick(0);
    answer.expect(4_200);
    answer.tick(999);
    assertThat(response).isNotDone();

    answer.tick(1_000);

    assertThat(header("x-broke-eta-ms")).isEqualTo("4200");
    assertThat(response.join().getHeader("x-broke-node")).isEmpty();
  }

  @Test
  void onceANodeHasTheRequestItsOwnPredictionCounts() {
    answer.expect(4_200);
    answer.open(PLACEMENT, 1);

    assertThat(header("x-broke-eta-ms")).isEqualTo("10");
    assertThat(header("x-broke-node")).isEqualTo("n");
  }

  private String header(String name) {
    return response.join().getHeader(name).orElseThrow().value();
  }

  private StreamedAnswer answer() {
    var body = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":true}";
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    var call = new ChatCallReader(true).read(Api.CHAT, RequestId.of("r"), bytes, Map.of());
    var settings =
        new AnswerSettings(
            1 << 20,
            1 << 16,
            1 << 20,
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            () -> 0L,
            () -> 0L,
            name -> false);
    return new StreamedAnswer(call, settings, response, null, signal -> {});
  }
}
