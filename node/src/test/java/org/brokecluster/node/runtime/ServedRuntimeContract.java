package org.brokecluster.node.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.brokecluster.node.Soon;
import org.brokecluster.node.runtime.http.ScriptedServer;
import org.brokecluster.node.runtime.testserver.PlayedAnswer;
import org.brokecluster.node.runtime.testserver.TestServer;
import org.brokecluster.node.runtime.testserver.Trouble;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every adapter to a server keeps to, whatever that server does. */
public abstract class ServedRuntimeContract extends ModelRuntimeContract {
  private static final Duration SOON = Duration.ofSeconds(20);

  private TestServer server;

  /** A server that has just been started. */
  protected abstract TestServer serve() throws Exception;

  /**
   * How long an adapter waits for a server.
   *
   * @param list for the list of its models
   * @param grace for what comes behind the finish reason
   */
  public record Patience(Duration list, Duration grace) {
    /** For a server that answers, however busy the machine is. */
    public static final Patience LONG = new Patience(Soon.LIMIT, Soon.LIMIT);

    /** For a server that is silent. */
    static final Patience SHORT = new Patience(Duration.ofSeconds(1), Duration.ofMillis(400));
  }

  /** An adapter attached to a server; nobody has asked it for its models. */
  protected abstract ModelRuntime attach(String url, Patience patience) throws Exception;

  /** The server. */
  protected final TestServer server() {
    return server;
  }

  @Override
  protected final ModelRuntime open() throws Exception {
    if (server == null) {
      server = serve();
    }
    var runtime = attach(server.url(), Patience.LONG);
    runtime.models().toCompletableFuture().get(60, TimeUnit.SECONDS);
    return runtime;
  }

  @Override
  protected final void awaitIdle() {
    await("the server is idle", () -> server.generating() == 0);
  }

  @AfterEach
  final void stopServer() throws Exception {
    server.close();
  }

  @Test
  void endsWorkSoonWhenALongAnswerIsCancelled() {
    var listener = new RecordingListener();
    var generation = runtime().start(question(PlayedAnswer.AT_LENGTH), listener);
    generation.request(Long.MAX_VALUE);
    listener.awaitChunks(60);
    assertThat(server.generating()).isEqualTo(1);
    long start = System.nanoTime();

    generation.cancel();

    awaitIdle();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
    assertThat(listener.isOver()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = Trouble.class,
      names = {
        "SILENT_BEFORE_THE_HEAD",
        "SILENT_BEHIND_THE_HEAD",
        "SILENT_IN_THE_MIDDLE",
        "SILENT_BEHIND_THE_FINISH"
      })
  void freesTheServerWhereverItWentSilent(Trouble trouble) {
    server.trouble(trouble);
    int before = server.connections();
    var listener = new RecordingListener();
    var generation = runtime().start(question("hello"), listener);
    generation.request(Long.MAX_VALUE);
    await("the server works on it", () -> server.generated() == 1);
    if (trouble == Trouble.SILENT_IN_THE_MIDDLE) {
      listener.awaitChunks(4);
    }

    generation.cancel();

    awaitIdle();
    await("its connection is closed", () -> server.connections() <= before);
  }

  @Test
  void endsPromptlyBehindTheFinishReason() throws Exception {
    var runtime = attach(server.url(), Patience.SHORT);
    runtime.models().toCompletableFuture().get(60, TimeUnit.SECONDS);
    server.trouble(Trouble.SILENT_BEHIND_THE_FINISH);
    long start = System.nanoTime();
    var listener = new RecordingListener();

    runtime.start(question("hello"), listener).request(Long.MAX_VALUE);

    assertThat(listener.awaitOver().reason()).isEqualTo(FinishReason.STOP);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
    awaitIdle();
    runtime.close().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "CLOSED_WITHOUT_A_BYTE,RUNTIME_UNREACHABLE",
    "RESET,RUNTIME_UNREACHABLE",
    "CUT_IN_THE_MIDDLE,STREAM_CUT",
    "RESET_IN_THE_MIDDLE,STREAM_CUT",
    "NO_FINISH,STREAM_CUT",
    "INTERNAL_ERROR,RUNTIME_ERROR",
    "NOT_HTTP,RUNTIME_ERROR",
    "ENDLESS_LINE,RUNTIME_ERROR",
    "ENDLESS_NOTHING,RUNTIME_ERROR"
  })
  void failsCleanlyAndAnswersTheNextRequest(Trouble trouble, Kind kind) {
    server.trouble(trouble);

    var failure = ask("hello").failure();

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.kind().retryable()).isTrue();
    awaitIdle();
    server.trouble(Trouble.NONE);
    assertThat(ask("hello").reason()).isEqualTo(FinishReason.STOP);
    assertThat(server.generated()).as("requests, none of them repeated").isEqualTo(2);
  }

  @Test
  void passesAnErrorInTheMiddleOnAsAFailure() {
    server.trouble(Trouble.ERROR_IN_THE_MIDDLE);

    var listener = ask("hello");

    assertThat(listener.content()).startsWith(" token basket");
    assertThat(listener.failure().kind()).isIn(Kind.RUNTIME_ERROR, Kind.STREAM_CUT);
  }

  @Test
  void tellsThatTheServerHasTooMuchToDo() {
    server.trouble(Trouble.BUSY);

    assertThat(ask("hello").failure().kind()).isIn(Kind.RATE_LIMITED, Kind.RUNTIME_ERROR);
  }

  @Test
  void leavesOutABrokenEvent() {
    server.trouble(Trouble.BROKEN_EVENT);

    var listener = ask("hello");

    assertThat(listener.content()).startsWith(" token basket").endsWith(" on");
    assertThat(listener.reason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void endsAnAnswerWhoseServerIgnoresTheLimit() {
    server.trouble(Trouble.IGNORES_THE_LIMIT);

    var listener = start(Prompts.chat(model(), body("'max_tokens':30", "hello"))).awaitOver();

    assertThat(listener.reason()).isEqualTo(FinishReason.LENGTH);
    assertThat(listener.chunks()).hasSizeLessThan(60);
    awaitIdle();
  }

  @Test
  void joinsCharactersThatWereCutBetweenEvents() {
    server.trouble(Trouble.CUT_CHARACTERS);

    assertThat(ask("hello").content()).endsWith(" 🙂").doesNotContain("\uFFFD");
  }

  @Test
  void keepsStopTokensOutOfTheAnswer() {
    server.trouble(Trouble.STOP_TOKEN);

    assertThat(ask("hello").content()).startsWith(" token").doesNotContain("<|", "|>");
  }

  @Test
  void tellsThinkingFromTheAnswer() {
    var listener = ask(PlayedAnswer.THINK);

    assertThat(listener.text(TokenChunk.Kind.REASONING)).isEqualTo(" token basket");
    assertThat(listener.content()).startsWith(" token basket café").doesNotContain("think>");
  }

  @Test
  void answersManyAtOnceWithoutALeftConnection() {
    var listeners = new ArrayList<RecordingListener>();
    for (int i = 0; i < 48; i++) {
      listeners.add(start(question("hello " + i)));
    }

    for (var listener : listeners) {
      assertThat(listener.awaitOver().reason()).isEqualTo(FinishReason.STOP);
    }
    awaitIdle();
    assertThat(server.connections())
        .as("48, and one that still asks what there is")
        .isLessThanOrEqualTo(49);
  }

  @Test
  void survivesManyThatAreCancelledAtAnyMoment() {
    var generations = new ArrayList<Generation>();
    for (int i = 0; i < 40; i++) {
      var generation = runtime().start(question(PlayedAnswer.AT_LENGTH), new RecordingListener());
      generation.request(i);
      generations.add(generation);
    }

    generations.forEach(Generation::cancel);

    awaitIdle();
    assertThat(ask("hello").reason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void findsItsServerAgainAfterItWasAway() throws Exception {
    var runtime = attach("http://127.0.0.1:9", Patience.LONG);

    assertThat(runtime.models().toCompletableFuture().handle((ok, error) -> error != null).get())
        .isTrue();
    runtime.close().toCompletableFuture().get(60, TimeUnit.SECONDS);
    assertThat(ask("hello").reason()).isEqualTo(FinishReason.STOP);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"silent", "endless", "html", "nonsense", "another shape", "cut", "error"})
  void failsToListInTimeWhateverComesInsteadOfAList(String lie) throws Exception {
    try (var liar = new ScriptedServer((request, wire) -> lie(lie, wire))) {
      var runtime = attach(liar.url(), Patience.SHORT);

      var failure = runtime.models().toCompletableFuture().handle((ok, error) -> error);

      assertThat(failure.get(60, TimeUnit.SECONDS)).isNotNull();
      assertThat(runtime.close().toCompletableFuture()).succeedsWithin(Soon.LIMIT);
    }
  }

  private static boolean lie(String lie, ScriptedServer.Wire wire) throws IOException {
    switch (lie) {
      case "silent" -> {
        return wire.untilGone();
      }
      case "endless" -> {
        wire.chunkedHead(200, "application/json").chunk("{\"data\":[");
        for (int i = 0; i < 100_000; i++) {
          wire.chunk("{\"id\":\"" + "x".repeat(1000) + i + "\"},");
        }
        return false;
      }
      case "html" -> {
        return wire.json(200, "<html><body>Welcome</body></html>");
      }
      case "nonsense" -> {
        wire.raw("\u0001\u0002 no HTTP at all\r\n\r\n");
        return false;
      }
      case "another shape" -> {
        return wire.json(200, "{'data':{'id':'m'},'models':{'name':'m'}}");
      }
      case "cut" -> {
        wire.raw("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"data\":[{\"id\":");
        return false;
      }
      default -> {
        return wire.json(500, "{'error':'boom'}");
      }
    }
  }

  @Test
  void neverNamesAModelThatTheServerDidNotList() {
    start(
            Prompts.chat(
                model(), "{'model':'some/other','messages':[{'role':'user','content':'x'}]}"))
        .awaitOver();

    assertThat(server.requests()).noneMatch(request -> request.body().contains("some/other"));
  }

  @Test
  void refusesSeveralAnswersForOneCall() {
    var failure = start(Prompts.chat(model(), body("'n':2", "hello"))).awaitOver().failure();

    assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
    assertThat(failure.param()).isEqualTo("n");
    assertThat(server.generated()).isZero();
  }

  private void await(String what, BooleanSupplier condition) {
    Soon.await(what, condition::getAsBoolean);
  }
}
