package org.brokecluster.coordinator.content;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.brokecluster.coordinator.history.content.ContentSettings;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.request.AnswerSide;
import org.brokecluster.protocol.history.ContentProtocol.Kept;
import org.brokecluster.protocol.history.ContentProtocol.Text;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.brokecluster.protocol.router.Placement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ContentOutboxTest {
  private static final Kept STORED = new Kept(1, 0, null, false);

  private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
  private final ManualTime time = ManualTime.get(kit.system());
  private final TestProbe<Object> waiter = TestProbe.create(kit.system());
  private final List<Text> sent = new CopyOnWriteArrayList<>();
  private final AtomicReference<CompletionStage<Kept>> reply =
      new AtomicReference<>(CompletableFuture.completedStage(STORED));
  private final AtomicLong clock = new AtomicLong();

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void aWholeAnswerIsSentOnceItIsThere() {
    var outbox = outbox(true, 1 << 20);
    var client = new Client();
    var answer = over(outbox, client, Map.of());

    answer.emit(List.of(TokenChunk.content("wrong")), RecordedSample.PLACEMENT);
    answer.restart();
    answer.emit(List.of(TokenChunk.content("ri"), TokenChunk.content("ght")), null);
    assertThat(sent).isEmpty();
    finish(answer);

    until(() -> assertThat(outbox.stored()).isEqualTo(1));
    assertThat(sent).hasSize(1);
    assertThat(sent.get(0).id()).isEqualTo("r-1");
    assertThat(client.heard).containsExactly("wrong", "restart", "right", "finish");
    assertThat(outbox.waiting()).isZero();
    assertThat(outbox.waitingBytes()).isZero();
  }

  @Test
  void aBrokenAnswerIsNotKept() {
    var outbox = outbox(true, 1 << 20);
    var client = new Client();
    var answer = over(outbox, client, Map.of());

    answer.emit(List.of(TokenChunk.content("half")), null);
    answer.fail(ApiError.server(500, "x", "broken"));

    assertThat(client.heard).containsExactly("half", "fail");
    assertThat(outbox.waiting() + outbox.stored() + outbox.lost()).isZero();
  }

  @Test
  void nothingIsLookedAtWhileItIsOffOrIsOurOwnLoad() {
    var client = new Client();

    assertThat(over(outbox(false, 1 << 20), client, Map.of())).isSameAs(client);
    assertThat(over(outbox(true, 1 << 20), client, Map.of("x-broke-framework", "broke-load")))
        .isSameAs(client);
  }

  @Test
  void whatDoesNotFitIsLetGoAndCounted() {
    reply.set(new CompletableFuture<>());
    var outbox = outbox(true, 3_000);

    for (int i = 0; i < 5; i++) {
      finish(over(outbox, new Client(), Map.of()));
    }

    assertThat(outbox.waiting()).isEqualTo(2);
    assertThat(outbox.lost()).isEqualTo(3);
    assertThat(outbox.waitingBytes()).isLessThanOrEqualTo(3_000);
  }

  @Test
  void itIsSentAgainUntilSomebodyKeepsIt() {
    reply.set(CompletableFuture.failedStage(new IllegalStateException("nobody")));
    var outbox = outbox(true, 1 << 20);
    finish(over(outbox, new Client(), Map.of()));
    afterAWhile(() -> assertThat(sent).hasSizeGreaterThan(1));
    assertThat(outbox.waiting()).isEqualTo(1);

    reply.set(CompletableFuture.completedStage(new Kept(0, 0, "busy", true)));
    int before = sent.size();
    afterAWhile(() -> assertThat(sent).hasSizeGreaterThan(before + 1));
    assertThat(outbox.waiting()).isEqualTo(1);

    reply.set(CompletableFuture.completedStage(STORED));
    afterAWhile(() -> assertThat(outbox.stored()).isEqualTo(1));
    assertThat(outbox.lost()).isZero();
  }

  @Test
  void whatNobodyKeepsForTooLongOrAtAllIsLetGo() {
    reply.set(CompletableFuture.failedStage(new IllegalStateException("nobody")));
    var outbox = outbox(true, 1 << 20);
    finish(over(outbox, new Client(), Map.of()));
    until(() -> assertThat(sent).isNotEmpty());
    clock.addAndGet(Duration.ofMinutes(2).toMillis());
    afterAWhile(() -> assertThat(outbox.lost()).isEqualTo(1));

    reply.set(CompletableFuture.completedStage(new Kept(0, 0, "off", false)));
    finish(over(outbox, new Client(), Map.of()));
    until(() -> assertThat(outbox.lost()).isEqualTo(2));
    assertThat(outbox.waitingBytes()).isZero();
  }

  private ContentOutbox outbox(boolean store, long waitingMax) {
    var settings =
        new ContentSettings(
            store,
            1_000,
            waitingMax,
            Duration.ofMinutes(1),
            30,
            1 << 20,
            Duration.ofHours(1),
            List.of());
    var outbox = new ContentOutbox(settings, clock::get);
    outbox.start(
        kit.system(),
        texts -> {
          sent.addAll(texts);
          return reply.get();
        });
    return outbox;
  }

  private static AnswerSide over(
      ContentOutbox outbox, AnswerSide client, Map<String, String> headers) {
    var call = RecordedSample.call("r-1", RecordedSample.chat("hello"), headers);
    return outbox.over(call, RecordedSample.facts(call), client);
  }

  private static void finish(AnswerSide answer) {
    answer.finish(FinishReason.STOP, Usage.NONE, RecordedSample.PLACEMENT, 1);
  }

  private void until(Runnable assertion) {
    waiter.awaitAssert(
        () -> {
          assertion.run();
          return null;
        });
  }

  /** Lets time pass until it holds; a timer may be set at any moment of it. */
  private void afterAWhile(Runnable assertion) {
    until(
        () -> {
          time.timePasses(Duration.ofSeconds(10));
          assertion.run();
        });
  }

  /** A client that remembers what it got. */
  private static final class Client implements AnswerSide {
    final List<String> heard = new ArrayList<>();

    @Override
    public void open(Placement placement, int attempts) {
      heard.add("open");
    }

    @Override
    public void comment(String text) {
      heard.add("comment");
    }

    @Override
    public void note(String text) {
      heard.add("note");
    }

    @Override
    public void expect(long etaMs) {
      heard.add("expect");
    }

    @Override
    public boolean emit(List<TokenChunk> chunks, Placement placement) {
      heard.add(String.join("", chunks.stream().map(TokenChunk::text).toList()));
      return true;
    }

    @Override
    public void restart() {
      heard.add("restart");
    }

    @Override
    public void finish(FinishReason reason, Usage usage, Placement placement, int attempts) {
      heard.add("finish");
    }

    @Override
    public void fail(ApiError error) {
      heard.add("fail");
    }

    @Override
    public void tick(long nowMs) {
      heard.add("tick");
    }

    @Override
    public boolean congested() {
      return false;
    }

    @Override
    public void abandon() {
      heard.add("abandon");
    }

    @Override
    public boolean forsaken(long nowMs) {
      return false;
    }
  }
}
