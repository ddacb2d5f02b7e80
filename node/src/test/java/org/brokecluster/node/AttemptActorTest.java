package org.brokecluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.node.NodeBench.COLD;
import static org.brokecluster.node.NodeBench.MODEL;
import static org.brokecluster.node.NodeBench.USAGE;
import static org.brokecluster.node.NodeBench.attempt;

import akka.actor.typed.ActorRef;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.brokecluster.node.runtime.LoadException;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.edge.EdgeProtocol.Phase;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.node.AttemptProtocol;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.node.TokenChunk;
import org.brokecluster.protocol.router.RouterProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AttemptActorTest {
  private final NodeBench bench = new NodeBench();

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  void streamsAnAnswerToItsEnd() {
    bench.node.tell(bench.ticket("r1"));
    var ready = bench.next(EdgeProtocol.Ready.class);
    bench.prompt(ready);
    assertThat(bench.next(EdgeProtocol.Progress.class).phase()).isEqualTo(Phase.PREFILL);
    var answer = bench.answer(0);
    answer.prefill(0.5);
    assertThat(bench.next(EdgeProtocol.Progress.class).share()).isEqualTo(0.5);
    bench.sleep(Duration.ofMillis(300));

    answer.say("Hello");
    var first = bench.next(EdgeProtocol.TokenBatch.class);
    bench.sleep(Duration.ofMillis(700));
    answer.say(" world");
    var second = bench.next(EdgeProtocol.TokenBatch.class);
    ready.to().tell(new AttemptProtocol.Ack(attempt("r1"), 2));
    answer.end(USAGE);

    assertThat(first)
        .isEqualTo(
            new EdgeProtocol.TokenBatch(attempt("r1"), 1, List.of(TokenChunk.content("Hello"))));
    assertThat(second.sequence()).isEqualTo(2);
    assertThat(bench.next(EdgeProtocol.AttemptEnded.class))
        .isEqualTo(
            new EdgeProtocol.AttemptEnded(
                attempt("r1"), 2, FinishReason.STOP, USAGE, 0, 0, 300, 700));
    assertGone(ready.to());
    assertThat(bench.count("broke.node.tokens")).isEqualTo(USAGE.completionTokens());
  }

  @Test
  void takesAPromptOfFiveMegabytesWithinItsCredit() {
    var body = new byte[5_000_000];
    new Random(1).nextBytes(body);
    bench.node.tell(bench.ticket("r1", 1, 1, MODEL, body.length));

    bench.prompt(bench.next(EdgeProtocol.Ready.class), body);

    bench.nextAtRouter(RouterProtocol.AttemptStarted.class);
    bench.next(EdgeProtocol.Progress.class);
    assertThat(bench.answer(0).prompt.body()).isEqualTo(body);
  }

  @Test
  void refusesAPromptThatIsTooLarge() {
    bench.node.tell(bench.ticket("r1", 1, 1, MODEL, 1L << 30));
    assertThat(bench.next(EdgeProtocol.AttemptFailed.class).failure().kind())
        .isEqualTo(Kind.BAD_REQUEST);
    bench.nextAtRouter(RouterProtocol.AttemptClosed.class);

    bench.node.tell(bench.ticket("r2", 1, 2, MODEL, 1));
    bench.prompt(bench.next(EdgeProtocol.Ready.class));
    assertThat(bench.next(EdgeProtocol.AttemptFailed.class).failure().kind())
        .isEqualTo(Kind.BAD_REQUEST);
    bench.nextAtRouter(RouterProtocol.AttemptClosed.class);
    assertThat(bench.runtime.answers()).isEmpty();
  }

  @Test
  void offersItselfAgainAndGivesUpOnAPromptThatNeverComes() {
    bench.node.tell(bench.ticket("r1"));
    bench.next(EdgeProtocol.Ready.class);
    bench.pass(Duration.ofSeconds(2));
    bench.next(EdgeProtocol.Ready.class);
    bench.next(EdgeProtocol.Ready.class);

    bench.pass(Duration.ofSeconds(1));

    var failed = bench.next(EdgeProtocol.AttemptFailed.class);
    assertThat(failed.failure().code()).isEqualTo("prompt_timeout");
    bench.nextAtRouter(RouterProtocol.AttemptClosed.class);
  }

  @Test
  void loadsTheModelOnceForAllWhoWait() {
    var load = bench.runtime.slowLoad(COLD);
    for (int i = 1; i <= 2; i++) {
      bench.node.tell(bench.ticket("r" + i, 1, i, COLD, 2));
      bench.prompt(bench.next(EdgeProtocol.Ready.class));
      assertThat(bench.next(EdgeProtocol.Progress.class).phase()).isEqualTo(Phase.LOADING);
    }
    bench.runtime.progress(0.25);
    bench.pass(Duration.ofSeconds(1));
    assertThat(bench.next(EdgeProtocol.Progress.class).share()).isEqualTo(0.25);
    bench.sleep(Duration.ofSeconds(3));

    load.complete(null);

    bench.edge.awaitAssert(() -> assertThat(bench.runtime.answers()).hasSize(2));
    assertThat(bench.runtime.loads).hasValue(1);
    assertThat(bench.pool.model(COLD).orElseThrow().state()).isEqualTo(ModelState.LOADED);
    bench.answer(0).end(USAGE);
    assertThat(bench.next(EdgeProtocol.AttemptEnded.class).loadMs()).isEqualTo(4000);
  }

  @Test
  void saysWhyAModelCannotBeLoaded() {
    var load = bench.runtime.slowLoad(COLD);
    bench.node.tell(bench.ticket("r1", 1, 1, COLD, 2));
    bench.prompt(bench.next(EdgeProtocol.Ready.class));

    load.completeExceptionally(new LoadException("out of memory"));

    var failure = bench.next(EdgeProtocol.AttemptFailed.class).failure();
    assertThat(failure.kind()).isEqualTo(Kind.LOAD_FAILED);
    assertThat(failure.message()).contains("out of memory");
    bench.nextAtRouter(RouterProtocol.AttemptClosed.class);
  }

  @Test
  void gathersWhileTheWindowIsShut() {
    var answer = bench.begin("r1");
    var to = attemptActor();
    shutWindow(answer);
    answer.say("a", "b");
    answer.say("c");
    bench.sync();
    to.tell(new AttemptProtocol.Ack(attempt("r1"), 0));
    bench.edge.expectNoMessage(Duration.ofMillis(1));

    to.tell(new AttemptProtocol.Ack(attempt("r1"), 3));

    var batch = bench.next(EdgeProtocol.TokenBatch.class);
    assertThat(batch.sequence()).isEqualTo(9);
    assertThat(textOf(batch)).isEqualTo("abc");
  }

  @Test
  void freesTheSlotWhenTheRuntimeIsDoneThoughTheClientStillReads() {
    var answer = bench.begin("r1");
    var to = attemptActor();
    bench.nextAtRouter(RouterProtocol.AttemptStarted.class);
    shutWindow(answer);
    answer.say("word ", "word");
    answer.end(USAGE);

    bench.nextAtRouter(RouterProtocol.AttemptClosed.class);
    bench.begin("r2");
    to.tell(new AttemptProtocol.Ack(attempt("r1"), 8));
    assertThat(textOf(bench.next(EdgeProtocol.TokenBatch.class))).isEqualTo("word word");
    assertThat(bench.next(EdgeProtocol.AttemptEnded.class).sequence()).isEqualTo(9);
    to.tell(new AttemptProtocol.Ack(attempt("r1"), 9));
    assertGone(to);
  }

  @Test
  void endsAnAnswerItsClientNeverReads() {
    var answer = bench.begin("r1");
    var kilobyte = "x".repeat(1024);
    while (!answer.cancelled && answer.requested.get() < 100_000) {
      var texts = new String[100];
      Arrays.fill(texts, kilobyte);
      answer.say(texts);
      bench.sync();
    }

    var failed = bench.next(EdgeProtocol.AttemptFailed.class);
    assertThat(failed.failure().kind()).isEqualTo(Kind.SLOW_CLIENT);
    assertThat(failed.sequence()).isEqualTo(8);
    bench.nextAtRouter(RouterProtocol.AttemptClosed.class);
    assertThat(answer.cancelled).isTrue();
    assertThat(bench.count("broke.node.slow.clients")).isEqualTo(1);
    assertThat(bench.gauge("broke.node.buffered.bytes")).isZero();
  }

  @Test
  void givesUpOnAClientThatTakesNothingForTooLong() {
    var answer = bench.begin("r1");
    shutWindow(answer);
    answer.say("more");
    answer.end(USAGE);
    bench.nextAtRouter(RouterProtocol.AttemptClosed.class);

    for (int i = 0; i < 4; i++) {
      bench.node.tell(new NodeProtocol.EdgeBeat(bench.edge.getRef(), List.of(attempt("r1"))));
      bench.pass(Duration.ofSeconds(1));
    }

    assertThat(bench.next(EdgeProtocol.AttemptFailed.class).failure().kind())
        .isEqualTo(Kind.SLOW_CLIENT);
  }

  @Test
  void givesUpOnARuntimeThatFallsSilent() {
    var answer = bench.begin("r1");
    for (int i = 0; i < 7; i++) {
      bench.node.tell(new NodeProtocol.EdgeBeat(bench.edge.getRef(), List.of(attempt("r1"))));
      bench.pass(Duration.ofSeconds(1));
    }

    assertThat(bench.next(EdgeProtocol.AttemptFailed.class).failure().kind())
        .isEqualTo(Kind.STALLED);
    bench.nextAtRouter(RouterProtocol.AttemptClosed.class);
    assertThat(answer.cancelled).isTrue();
  }

  @Test
  void handsARuntimesFailureOnBehindWhatItSaid() {
    var answer = bench.begin("r1");
    var cut = AttemptFailure.of(Kind.STREAM_CUT, "stream_cut", "closed without a finish reason");
    int scans = bench.runtime.scans.get();

    answer.say("half an ans");
    answer.fail(cut);

    bench.next(EdgeProtocol.TokenBatch.class);
    assertThat(bench.next(EdgeProtocol.AttemptFailed.class))
        .isEqualTo(new EdgeProtocol.AttemptFailed(attempt("r1"), 1, cut));
    bench.nextAtRouter(RouterProtocol.AttemptClosed.class);
    assertThat(bench.runtime.scans).hasValue(scans);
  }

  @Test
  void looksAgainAtARuntimeThatCannotBeReached() {
    var answer = bench.begin("r1");
    bench.runtime.reachable = false;

    answer.fail(AttemptFailure.of(Kind.RUNTIME_UNREACHABLE, "unreachable", "connection refused"));

    bench.next(EdgeProtocol.AttemptFailed.class);
    bench.edge.awaitAssert(
        () ->
            assertThat(bench.pool.model(MODEL).orElseThrow().state()).isEqualTo(ModelState.FAILED));
  }

  @Test
  void letsTheRuntimeRunNoFurtherAheadThanItsCredit() {
    var answer = bench.begin("r1");
    assertThat(answer.requested).hasValue(256);

    answer.say("a", "b", "c");

    bench.edge.awaitAssert(() -> assertThat(answer.requested).hasValue(259));
  }

  @Test
  void learnsTheModelsSpeedFromAnAnswerThatRanAlone() {
    var answer = bench.begin("r1");
    bench.sleep(Duration.ofSeconds(1));
    answer.say("first");
    bench.next(EdgeProtocol.TokenBatch.class);
    bench.sleep(Duration.ofSeconds(2));
    answer.say("last");
    answer.end(new Usage(3000, 201, 1000));
    bench.next(EdgeProtocol.AttemptEnded.class);

    var speed = bench.pool.model(MODEL).orElseThrow().speed();
    assertThat(speed.prefillTokensPerSecond()).isEqualTo(1500);
    assertThat(speed.decodeTokensPerSecond()).isEqualTo(75);
    assertThat(speed.measured()).isTrue();
  }

  private void shutWindow(ScriptedRuntime.Answer answer) {
    for (int i = 1; i <= 8; i++) {
      answer.say("t" + i);
      assertThat(bench.next(EdgeProtocol.TokenBatch.class).sequence()).isEqualTo(i);
    }
  }

  private ActorRef<AttemptProtocol.Command> attemptActor() {
    bench.node.tell(bench.ticket("r1", 1, 1, MODEL, 2));
    return bench.next(EdgeProtocol.Ready.class).to();
  }

  private void assertGone(ActorRef<AttemptProtocol.Command> actor) {
    bench.kit.createTestProbe().expectTerminated(actor);
  }

  private static String textOf(EdgeProtocol.TokenBatch batch) {
    return batch.chunks().stream().map(TokenChunk::text).collect(Collectors.joining());
  }
}
