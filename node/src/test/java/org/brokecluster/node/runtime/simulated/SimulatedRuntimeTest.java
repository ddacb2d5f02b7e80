package org.brokecluster.node.runtime.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.data.Percentage;
import org.brokecluster.node.runtime.Prompt;
import org.brokecluster.node.runtime.Prompts;
import org.brokecluster.node.runtime.RecordingListener;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.shared.hardware.Chip;
import org.brokecluster.shared.hardware.SpeedEstimate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedRuntimeTest {
  private static final Chip CHIP = Chip.parse("M1").orElseThrow();
  private static final Duration LONG = Duration.ofMinutes(5);

  private final ManualClock clock = new ManualClock();

  @Test
  void sleepsWhileThereIsNothingToDo() {
    var runtime = runtime(1, Simulations.basic());
    assertThat(clock.asleep()).isTrue();

    var listener = ask(runtime, "hello");
    assertThat(clock.asleep()).isFalse();
    clock.pass(LONG);

    assertThat(listener.reason()).isEqualTo(FinishReason.STOP);
    assertThat(clock.asleep()).isTrue();
  }

  @Test
  void writesAtTheSpeedOfItsChip() {
    var speed = SpeedEstimate.of(CHIP, Simulations.basic().size());
    var listener = ask(runtime(1, Simulations.basic()), "hello");

    clock.pass(Duration.ofSeconds(1));

    assertThat((double) listener.chunks().size())
        .isCloseTo(speed.decodeTokensPerSecond(), Percentage.withPercentage(15));
  }

  @ParameterizedTest(name = "{0} times faster")
  @ValueSource(doubles = {0.5, 10, 100})
  void takesLessTimeByTheTimeScale(double scale) {
    var plain = secondsToAnswer(runtime(1, Simulations.basic()));
    var scaled = secondsToAnswer(runtime(scale, Simulations.basic()));

    assertThat(scaled).isCloseTo(plain / scale, within(0.02 + 0.03 * plain / scale));
  }

  @Test
  void readsALongPromptBeforeItWrites() {
    var runtime = runtime(1, Simulations.basic());
    var speed = SpeedEstimate.of(CHIP, Simulations.basic().size());
    var listener = ask(runtime, "word ".repeat(4000));
    double seconds = 4000 * 5 / 4.0 / speed.prefillTokensPerSecond();

    clock.pass(Duration.ofMillis(Math.round(seconds * 950)));
    assertThat(listener.chunks()).isEmpty();
    assertThat(listener.prefill()).first().isEqualTo(0.0);
    clock.pass(Duration.ofMillis(Math.round(seconds * 100 + 200)));

    assertThat(listener.chunks()).isNotEmpty();
    assertThat(listener.prefill()).isSorted().last().isEqualTo(1.0);
    assertThat(listener.prefill()).hasSizeBetween(3, 6);
  }

  @Test
  void readsOnlyWhatIsNewInAConversation() {
    var runtime = runtime(1, Simulations.basic());
    var opening = "{'role':'user','content':'" + "some words ".repeat(600) + "'}";
    var first = chat(runtime, "{'messages':[" + opening + "]}");
    clock.pass(LONG);
    var answer = "{'role':'assistant','content':'" + first.content() + "'}";

    var second =
        chat(
            runtime,
            "{'messages':[" + opening + "," + answer + ",{'role':'user','content':'go on'}]}");
    clock.pass(LONG);

    assertThat(first.usage().cachedTokens()).isZero();
    int held = first.usage().promptTokens() + first.content().length() / 4;
    assertThat(second.usage().cachedTokens()).isBetween(held - 2 * 64, held + 8);
    assertThat(second.usage().promptTokens()).isGreaterThan(second.usage().cachedTokens());
  }

  @Test
  void streamsSlowEachOtherButMakeMoreInAll() {
    var runtime = runtime(1, Simulations.basic());
    var alone = ask(runtime, "hello");
    clock.pass(Duration.ofSeconds(1));
    int before = alone.chunks().size();

    var other = ask(runtime, "good day");
    clock.pass(Duration.ofSeconds(1));
    int together = alone.chunks().size() - before;

    assertThat(together).isLessThan(before * 9 / 10);
    assertThat(together + other.chunks().size()).isGreaterThan(before);
  }

  @Test
  void runsNoMoreStreamsThanItHasSlots() {
    var runtime = runtime(1, Simulations.basic());
    var first = new RecordingListener();
    var generation = runtime.start(Prompts.question(Simulations.BASIC, "one"), first);
    generation.request(Long.MAX_VALUE);
    ask(runtime, "two");
    var third = ask(runtime, "three");

    clock.pass(Duration.ofMillis(500));
    assertThat(third.chunks()).isEmpty();
    generation.cancel();
    clock.pass(Duration.ofMillis(500));

    assertThat(third.chunks()).isNotEmpty();
  }

  @Test
  void goesOnWhereItStoppedAfterAPauseOfTheProcess() {
    var listener = ask(runtime(1, Simulations.basic()), "hello");
    clock.pass(Duration.ofMillis(600));
    int before = listener.chunks().size();

    clock.jump(Duration.ofSeconds(30));
    clock.pass(Duration.ofMillis(20));

    assertThat(listener.chunks().size() - before).isLessThan(12);
    assertThat(listener.isOver()).isFalse();
  }

  @Test
  void waitsForAClientThatDoesNotRead() {
    var runtime = runtime(1, Simulations.basic());
    var listener = new RecordingListener();
    var generation = runtime.start(Prompts.question(Simulations.BASIC, "hello"), listener);
    generation.request(3);
    clock.pass(LONG);
    assertThat(listener.chunks()).hasSize(3);

    generation.request(2);
    clock.pass(Duration.ofMillis(200));

    assertThat(listener.chunks()).hasSize(5);
  }

  @Test
  void loadsForAsLongAsItsDiskTakesAndTellsHowFarItIs() {
    var model = Simulations.model(Simulations.BASIC, 4, false);
    var runtime = runtime(1, model);
    var seconds = SpeedEstimate.of(CHIP, model.size()).loadSeconds();
    var shares = new ArrayList<Double>();

    var done = runtime.load(Simulations.BASIC, shares::add).toCompletableFuture();
    clock.pass(Duration.ofMillis(Math.round(seconds * 1000 - 100)));
    assertThat(done).isNotDone();
    assertThat(state(runtime, Simulations.BASIC)).isEqualTo(ModelState.LOADING);
    clock.pass(Duration.ofMillis(200));

    assertThat(done).isCompleted();
    assertThat(state(runtime, Simulations.BASIC)).isEqualTo(ModelState.LOADED);
    assertThat(shares).isSorted().startsWith(0.0).endsWith(1.0);
  }

  @Test
  void answersNothingBeforeAModelIsLoaded() {
    var runtime = runtime(1, Simulations.model(Simulations.BASIC, 4, false));

    var listener = ask(runtime, "hello");

    assertThat(listener.failure().code()).isEqualTo("model_not_loaded");
  }

  @Test
  void evictsTheIdleModelThatWasUsedLongestAgo() {
    var runtime = threeModels();
    load(runtime, Simulations.BALANCED);
    load(runtime, Simulations.BASIC);

    load(runtime, Simulations.PREMIUM);

    assertThat(state(runtime, Simulations.BALANCED)).isEqualTo(ModelState.DISK);
    assertThat(state(runtime, Simulations.BASIC)).isEqualTo(ModelState.LOADED);
    assertThat(state(runtime, Simulations.PREMIUM)).isEqualTo(ModelState.LOADED);
  }

  @Test
  void refusesALoadWithTheArithmeticWhenNothingMayGo() {
    var runtime = threeModels();
    load(runtime, Simulations.BALANCED);
    runtime.pin(Simulations.BALANCED, true);

    var done = runtime.load(Simulations.PREMIUM, share -> {}).toCompletableFuture();

    assertThatThrownBy(done::join)
        .hasMessageContaining("sim-premium-32b needs 19.1 GB")
        .hasMessageContaining("of 25.8 GB are free")
        .hasMessageContaining("sim-balanced-14b 8.5 GB pinned");
    assertThat(state(runtime, Simulations.BALANCED)).isEqualTo(ModelState.LOADED);
    assertThat(state(runtime, Simulations.PREMIUM)).isEqualTo(ModelState.DISK);
  }

  @Test
  void neverEvictsAModelAtWork() {
    var runtime = threeModels();
    load(runtime, Simulations.BALANCED);
    var listener = new RecordingListener();
    runtime.start(Prompts.question(Simulations.BALANCED, "hello"), listener);

    var done = runtime.load(Simulations.PREMIUM, share -> {}).toCompletableFuture();
    assertThatThrownBy(done::join).hasMessageContaining("sim-balanced-14b 8.5 GB busy");
    assertThat(runtime.unload(Simulations.BALANCED).toCompletableFuture())
        .isCompletedExceptionally();
  }

  @Test
  void freesMemoryWhenItUnloads() {
    var runtime = threeModels();
    long before = runtime.memoryFreeBytes().orElseThrow();
    load(runtime, Simulations.BALANCED);
    assertThat(runtime.memoryFreeBytes().orElseThrow()).isLessThan(before);

    assertThat(runtime.unload(Simulations.BALANCED).toCompletableFuture()).isCompleted();

    assertThat(runtime.memoryFreeBytes().orElseThrow()).isEqualTo(before);
  }

  @Test
  void marksAModelThatCouldNeverFit() {
    var runtime =
        new SimulatedRuntime(
            Simulations.settings(1, Simulations.model(Simulations.PREMIUM, 32, true)),
            CHIP,
            16 * Simulations.GIB,
            clock);

    var models = runtime.models().toCompletableFuture().join();

    assertThat(models.get(0).state()).isEqualTo(ModelState.UNSUPPORTED);
    assertThat(models.get(0).reason()).contains("needs 19.1 GB");
  }

  @Test
  void foretellsItsOwnSpeedInRealTime() {
    var plain = runtime(1, Simulations.basic()).models().toCompletableFuture().join().get(0);
    var fast = runtime(100, Simulations.basic()).models().toCompletableFuture().join().get(0);

    assertThat(fast.speed().decodeTokensPerSecond())
        .isCloseTo(100 * plain.speed().decodeTokensPerSecond(), within(1e-6));
    assertThat(fast.speed().loadSeconds())
        .isCloseTo(plain.speed().loadSeconds() / 100, within(1e-6));
    assertThat(plain.facts().simulated()).isTrue();
  }

  @Test
  void refusesAPromptLongerThanTheContext() {
    var listener = ask(runtime(1, Simulations.basic()), "word ".repeat(8000));

    assertThat(listener.failure().kind()).isEqualTo(Kind.CONTEXT_LENGTH);
    assertThat(listener.failure().message()).contains("takes 8192");
  }

  private double secondsToAnswer(SimulatedRuntime runtime) {
    var listener = ask(runtime, "hello");
    long start = clock.nanos();
    while (!listener.isOver()) {
      clock.pass(Duration.ofMillis(1));
    }
    return (clock.nanos() - start) / 1e9;
  }

  private SimulatedRuntime threeModels() {
    return runtime(
        100,
        Simulations.model(Simulations.BASIC, 4, false),
        Simulations.model(Simulations.BALANCED, 14, false),
        Simulations.model(Simulations.PREMIUM, 32, false));
  }

  private void load(SimulatedRuntime runtime, ModelId model) {
    CompletableFuture<Void> done = runtime.load(model, share -> {}).toCompletableFuture();
    clock.pass(Duration.ofSeconds(30));
    assertThat(done).isCompleted();
  }

  private static ModelState state(SimulatedRuntime runtime, ModelId model) {
    return runtime.models().toCompletableFuture().join().stream()
        .filter(found -> found.facts().id().equals(model))
        .findFirst()
        .orElseThrow()
        .state();
  }

  private RecordingListener ask(SimulatedRuntime runtime, String question) {
    return start(runtime, Prompts.question(Simulations.BASIC, question));
  }

  private RecordingListener chat(SimulatedRuntime runtime, String body) {
    return start(runtime, Prompts.chat(Simulations.BASIC, body));
  }

  private static RecordingListener start(SimulatedRuntime runtime, Prompt prompt) {
    var listener = new RecordingListener();
    runtime.start(prompt, listener).request(Long.MAX_VALUE);
    return listener;
  }

  private SimulatedRuntime runtime(double scale, SimulatedModel... models) {
    return new SimulatedRuntime(
        Simulations.settings(scale, models), CHIP, 32 * Simulations.GIB, clock);
  }
}
