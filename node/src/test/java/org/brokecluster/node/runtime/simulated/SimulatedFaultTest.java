package org.brokecluster.node.runtime.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.brokecluster.node.runtime.Prompts;
import org.brokecluster.node.runtime.RecordingListener;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.shared.hardware.Chip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedFaultTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private final ManualClock clock = new ManualClock();
  private final SimulatedRuntime runtime =
      new SimulatedRuntime(
          Simulations.settings(1, Simulations.basic()),
          Chip.parse("M4 Max").orElseThrow(),
          32 * Simulations.GIB,
          clock);

  @Test
  void failsOnceAndIsFineAfterwards() {
    runtime.inject(new Fault.Refuse(500, null), 1);

    var first = ask("hello");
    var second = ask("hello");
    clock.pass(LONG);

    assertThat(first.failure().kind()).isEqualTo(Kind.RUNTIME_ERROR);
    assertThat(first.failure().status()).isEqualTo(500);
    assertThat(second.reason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void failsForEverUntilCleared() {
    runtime.inject(new Fault.Refuse(503, null), 0);
    for (int i = 0; i < 20; i++) {
      assertThat(ask("hello").failure().status()).isEqualTo(503);
    }

    runtime.clearFaults();
    var listener = ask("hello");
    clock.pass(LONG);

    assertThat(listener.reason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void asksForPatience() {
    runtime.inject(new Fault.Refuse(429, Duration.ofSeconds(2)), 1);

    var failure = ask("hello").failure();

    assertThat(failure.kind()).isEqualTo(Kind.RATE_LIMITED);
    assertThat(failure.retryAfterMs()).isEqualTo(2000);
  }

  @Test
  void dropsTheConnection() {
    runtime.inject(new Fault.Reset(), 1);

    assertThat(ask("hello").failure().kind()).isEqualTo(Kind.RUNTIME_UNREACHABLE);
  }

  @Test
  void saysNothingForALongTime() {
    runtime.inject(new Fault.Silence(Duration.ofMinutes(2)), 1);
    var listener = ask("hello");

    clock.pass(Duration.ofSeconds(119));
    assertThat(listener.prefill()).isEmpty();
    assertThat(listener.isOver()).isFalse();
    clock.pass(Duration.ofSeconds(2));

    assertThat(listener.failure().kind()).isEqualTo(Kind.RUNTIME_UNREACHABLE);
  }

  @Test
  void canBeCancelledInItsSilence() {
    runtime.inject(new Fault.Silence(Duration.ofMinutes(2)), 1);
    var listener = new RecordingListener();
    var generation = runtime.start(Prompts.question(Simulations.BASIC, "hello"), listener);
    clock.pass(Duration.ofSeconds(1));

    generation.cancel();

    assertThat(clock.asleep()).isTrue();
    clock.pass(LONG);
    assertThat(listener.isOver()).isFalse();
  }

  @Test
  void isSlowWithItsFirstToken() {
    runtime.inject(new Fault.SlowFirstToken(Duration.ofSeconds(20)), 1);
    var listener = ask("hello");

    clock.pass(Duration.ofSeconds(20));
    assertThat(listener.chunks()).isEmpty();
    clock.pass(LONG);

    assertThat(listener.reason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void cutsAStream() {
    runtime.inject(new Fault.CutAfter(20), 1);
    var listener = ask("hello");

    clock.pass(LONG);

    assertThat(listener.chunks()).hasSize(20);
    assertThat(listener.failure().kind()).isEqualTo(Kind.STREAM_CUT);
  }

  @Test
  void stallsAStreamBeforeItBreaks() {
    runtime.inject(new Fault.StallAfter(20, Duration.ofSeconds(30)), 1);
    var listener = ask("hello");

    clock.pass(Duration.ofSeconds(20));
    assertThat(listener.chunks()).hasSize(20);
    assertThat(listener.isOver()).isFalse();
    clock.pass(Duration.ofSeconds(20));

    assertThat(listener.failure().kind()).isEqualTo(Kind.STREAM_CUT);
  }

  @Test
  void findsAPromptTooLongOrImproper() {
    runtime.inject(new Fault.ContextLengthExceeded(), 1);
    assertThat(ask("hello").failure())
        .satisfies(
            failure -> {
              assertThat(failure.kind()).isEqualTo(Kind.CONTEXT_LENGTH);
              assertThat(failure.code()).isEqualTo("context_length_exceeded");
            });

    runtime.inject(new Fault.ContentPolicyViolation(), 1);
    assertThat(ask("hello").failure())
        .satisfies(
            failure -> {
              assertThat(failure.kind()).isEqualTo(Kind.CONTENT_POLICY);
              assertThat(failure.code()).isEqualTo("content_policy_violation");
            });
  }

  @Test
  void refusesOnlyToContinue() {
    runtime.inject(new Fault.RefusePrefill(), 0);
    var body = "{'messages':[{'role':'user','content':'hello'}]}";
    var begun = new RecordingListener();
    runtime.start(Prompts.begun(Simulations.BASIC, body, "This is"), begun).request(1);
    var fresh = ask("hello");
    clock.pass(LONG);

    assertThat(begun.failure().kind()).isEqualTo(Kind.BAD_REQUEST);
    assertThat(fresh.reason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void breaksALoadAndCanLoadAfterwards() {
    runtime.unload(Simulations.BASIC);
    runtime.inject(new Fault.LoadFailure(), 1);

    var broken = runtime.load(Simulations.BASIC, share -> {}).toCompletableFuture();
    clock.pass(LONG);
    assertThat(broken).isCompletedExceptionally();
    assertThat(runtime.models().toCompletableFuture().join().get(0).state())
        .isEqualTo(ModelState.FAILED);
    var good = runtime.load(Simulations.BASIC, share -> {}).toCompletableFuture();
    clock.pass(LONG);

    assertThat(good).isCompleted();
  }

  @Test
  void becomesSlower() {
    var plain = ask("hello");
    clock.pass(Duration.ofMillis(250));
    int fast = plain.chunks().size();
    clock.pass(LONG);
    runtime.inject(new Fault.Slow(4), 1);

    var slow = ask("hello");
    clock.pass(Duration.ofMillis(250));

    assertThat(slow.chunks().size()).isBetween(fast / 6, fast / 3);
  }

  @Test
  void obeysFaultsInARequestAttemptByAttempt() {
    var body = "{'messages':[{'role':'user','content':'hi'}],'broke_fault':['cut-after:3']}";
    var listener = new RecordingListener();
    runtime.start(Prompts.chat(Simulations.BASIC, body), listener).request(Long.MAX_VALUE);
    clock.pass(LONG);

    assertThat(listener.chunks()).hasSize(3);
    assertThat(listener.failure().kind()).isEqualTo(Kind.STREAM_CUT);
  }

  @Test
  void findsAnUnknownFaultInARequestTheClientsFault() {
    var body = "{'messages':[{'role':'user','content':'hi'}],'broke_fault':'explode'}";
    var listener = new RecordingListener();

    runtime.start(Prompts.chat(Simulations.BASIC, body), listener);

    assertThat(listener.failure().message()).contains("explode").contains("cut-after:TOKENS");
  }

  @Test
  void ignoresFaultsInRequestsUnlessTold() {
    var settings =
        new SimulatedSettings(
            true,
            List.of(Simulations.basic()),
            1,
            Duration.ofMillis(10),
            40,
            160,
            1000,
            2048,
            100,
            10,
            false);
    var strict =
        new SimulatedRuntime(settings, Chip.parse("M1").orElseThrow(), 16 * Simulations.GIB, clock);
    var body = "{'messages':[{'role':'user','content':'hi'}],'broke_fault':'cut-after:3'}";
    var listener = new RecordingListener();

    strict.start(Prompts.chat(Simulations.BASIC, body), listener).request(Long.MAX_VALUE);
    clock.pass(LONG);

    assertThat(listener.reason()).isEqualTo(FinishReason.STOP);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "refuse:429:2s,'Refuse[status=429, retryAfter=PT2S]'",
    "refuse:500,'Refuse[status=500, retryAfter=null]'",
    "reset,Reset[]",
    "silence:2m,Silence[length=PT2M]",
    "slow-first-token:500ms,SlowFirstToken[delay=PT0.5S]",
    "cut-after:40,CutAfter[tokens=40]",
    "stall-after:20:30,'StallAfter[tokens=20, length=PT30S]'",
    "context-length,ContextLengthExceeded[]",
    "content-policy,ContentPolicyViolation[]",
    "refuse-prefill,RefusePrefill[]",
    "load-failure,LoadFailure[]",
    "slow:2.5,Slow[factor=2.5]"
  })
  void canBeNamedAsText(String text, String fault) {
    assertThat(FaultParser.parse(text)).hasToString(fault);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"refuse", "refuse:200", "cut-after:-1", "slow:0.5", "silence:x", "?"})
  void refusesWhatIsNoFault(String text) {
    assertThatThrownBy(() -> FaultParser.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("allowed are: refuse:STATUS");
  }

  private RecordingListener ask(String question) {
    var listener = new RecordingListener();
    runtime.start(Prompts.question(Simulations.BASIC, question), listener).request(Long.MAX_VALUE);
    return listener;
  }
}
