package org.brokecluster.coordinator.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.brokecluster.coordinator.http.error.ApiException;
import org.brokecluster.protocol.edge.KeptProtocol.Head;
import org.brokecluster.protocol.edge.KeptProtocol.Part;
import org.junit.jupiter.api.Test;

class KeptAnswerTest {
  private static final Head HEAD = new Head(200, "text/event-stream", List.of());

  private final KeptAnswer kept = new KeptAnswer("proof", 10_000, 100);

  @Test
  void aReaderWaitsForTheNextEvent() {
    kept.begins(HEAD);
    var reading = kept.read(0, 0);
    assertThat(done(reading)).isFalse();

    event("a", 100);

    assertThat(part(reading)).isEqualTo(new Part(HEAD, bytes("id: 1\ndata: a\n\n"), 1, false));
  }

  @Test
  void aReaderThatWaitsForLongHearsThatNothingIsNew() {
    var reading = kept.read(0, 0);
    kept.tick(1_999);
    assertThat(done(reading)).isFalse();

    kept.tick(2_000);

    assertThat(part(reading)).isEqualTo(new Part(null, new byte[0], 0, false));
  }

  @Test
  void theLastPartSaysSo() {
    event("a", 0);
    kept.ends(5);

    assertThat(part(kept.read(0, 6)).end()).isTrue();
    assertThat(part(kept.read(1, 6))).isEqualTo(new Part(null, new byte[0], 1, true));
  }

  @Test
  void anAnswerInOnePieceComesWithItsHead() {
    var reading = kept.read(0, 0);
    kept.whole(HEAD, bytes("{}"), 1);

    assertThat(part(reading)).isEqualTo(new Part(HEAD, bytes("{}"), 1, true));
  }

  @Test
  void staysForAsLongAsItsClientAskedAfterTheLastOneWasThere() {
    assertThat(kept.over(1_000_000)).as("its client is there").isFalse();
    kept.clientGone(1_000);
    assertThat(kept.over(10_999)).isFalse();
    assertThat(kept.over(11_000)).isTrue();

    var reading = kept.read(0, 9_000);
    assertThat(kept.over(1_000_000)).as("a reader waits").isFalse();
    event("a", 12_000);
    assertThat(done(reading)).isTrue();
    assertThat(kept.over(21_999)).isFalse();
    assertThat(kept.over(22_000)).isTrue();
  }

  @Test
  void staysAfterItsEndThoughItsClientHasEverything() {
    kept.ends(5_000);

    assertThat(kept.over(14_999)).isFalse();
    assertThat(kept.over(15_000)).isTrue();
  }

  @Test
  void whatWasDroppedIsGone() {
    for (int i = 0; i < 20; i++) {
      event("some text", 0);
    }

    assertThat(failure(kept.read(0, 0)).error().code()).isEqualTo("events_gone");
    assertThat(failure(kept.read(0, 0)).error().status()).isEqualTo(410);
    assertThat(part(kept.read(19, 0)).last()).isEqualTo(20);
  }

  @Test
  void doesNotServeReadersWithoutBound() {
    for (int i = 0; i < 16; i++) {
      kept.read(0, 0);
    }

    assertThat(failure(kept.read(0, 0)).error().status()).isEqualTo(429);
  }

  private void event(String text, long now) {
    var event = bytes("data: " + text + "\n\n");
    kept.events(event, event.length, now);
  }

  private static boolean done(CompletionStage<Part> reading) {
    return reading.toCompletableFuture().isDone();
  }

  private static Part part(CompletionStage<Part> reading) {
    assertThat(done(reading)).isTrue();
    return reading.toCompletableFuture().join();
  }

  private static ApiException failure(CompletionStage<Part> reading) {
    var failed = new CompletableFuture<Throwable>();
    reading.whenComplete((part, failure) -> failed.complete(failure));
    return (ApiException) failed.join();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
