package org.brokecluster.node.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.brokecluster.node.Soon;
import org.brokecluster.node.models.ModelPool;
import org.brokecluster.node.models.PoolSettings;
import org.brokecluster.node.models.SpeedBook;
import org.brokecluster.node.runtime.LoadException;
import org.brokecluster.node.runtime.Prompts;
import org.brokecluster.node.runtime.RecordingListener;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.shared.config.SettingsReader;
import org.junit.jupiter.api.Test;

/** With real processes: each test starts what it needs and ends what it started. */
class SupervisedRuntimeTest extends SupervisedRuntimeCase {
  @Test
  void servesAModelFromTheDiskByAProcessOfItsOwn() throws Exception {
    assertThat(state()).isEqualTo(ModelState.DISK);

    var progress = new CopyOnWriteArrayList<Double>();
    load(progress);

    assertThat(state()).isEqualTo(ModelState.LOADED);
    assertThat(progress).isSorted().endsWith(1.0);
    assertThat(runtime.pid(MODEL)).isPositive();
    var listener = ask("{'messages':[{'role':'user','content':'hi'}],'max_tokens':5}");
    assertThat(listener.awaitOver().content()).startsWith("token basket ");
    assertThat(listener.usage().completionTokens()).isEqualTo(5);
    var note = Files.readString(folder.resolve(runtime.pid(MODEL) + ".note"));
    assertThat(note)
        .contains("--host=127.0.0.1", "--log-level=WARNING", "--decode-concurrency=4")
        .contains("offline=1", "ours=[]")
        .doesNotContain("DEBUG", "trust-remote-code");
  }

  @Test
  void requestsAreAdaptedToWhatMlxUnderstands() throws Exception {
    load();

    var adapted =
        ask(
            "{'messages':[{'role':'user','content':'hi'}],"
                + "'max_completion_tokens':5,'temperature':null}");
    assertThat(adapted.awaitOver().content()).startsWith("token basket ");
    assertThat(adapted.usage().completionTokens()).isEqualTo(5);
    var ignored = ask("{'messages':[{'role':'user','content':'hi'}],'logit_bias':{'1':5}}");
    assertThat(ignored.awaitOver().failure().message()).contains("logit_bias", "mlx_lm.server");
  }

  @Test
  void aModelThatNobodyUsesLeavesTheMemoryAfterItsTime() throws Exception {
    var nanos = new AtomicLong();
    var settings = PoolSettings.from(new SettingsReader(ConfigFactory.load()));
    var speeds = new SpeedBook(10, () -> 1_790_000_000L);
    var pool = new ModelPool(settings, rig.ledger, List.of(runtime), speeds, nanos::get);
    pool.rescan().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    try (var lease = pool.acquire(MODEL)) {
      lease.ready().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      nanos.addAndGet(settings.unloadTimeout().toNanos());
      pool.unloadIdle();
      assertThat(pool.model(MODEL).orElseThrow().state()).isEqualTo(ModelState.LOADED);
    }
    assertThat(rig.ledger.held(MODEL)).isPositive();

    nanos.addAndGet(settings.unloadTimeout().toNanos());
    pool.unloadIdle();

    assertThat(pool.model(MODEL).orElseThrow().state()).isEqualTo(ModelState.DISK);
    pool.unload(MODEL).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(started()).hasSize(1).noneMatch(MlxTestProcesses::runs);
    assertThat(rig.ledger.held(MODEL)).isZero();
  }

  @Test
  void unloadingEndsTheProcessWithItsChildren() throws Exception {
    rig.quirks.set("child");
    load();
    var pid = runtime.pid(MODEL);
    var children = ProcessHandle.of(pid).orElseThrow().children().toList();
    assertThat(children).isNotEmpty();

    runtime.unload(MODEL).toCompletableFuture().get(60, TimeUnit.SECONDS);

    assertThat(MlxTestProcesses.runs(pid)).isFalse();
    assertThat(children).noneMatch(ProcessHandle::isAlive);
    assertThat(state()).isEqualTo(ModelState.DISK);
    assertThat(rig.register.left()).isEmpty();
    assertThat(rig.register.pidFilesLeft()).isEmpty();
  }

  @Test
  void aProcessThatDoesNotEndWhenAskedIsEnded() throws Exception {
    rig.quirks.set("slow-term=60000");
    load();
    var pid = runtime.pid(MODEL);

    runtime.unload(MODEL).toCompletableFuture().get(60, TimeUnit.SECONDS);

    assertThat(MlxTestProcesses.runs(pid)).isFalse();
  }

  @Test
  void anyNumberOfLoadsStartOneProcess() throws Exception {
    rig.quirks.set("load-ms=300");
    get(runtime);
    var loads =
        List.of(
            runtime.load(MODEL, share -> {}),
            runtime.load(MODEL, share -> {}),
            runtime.load(MODEL, share -> {}));
    for (var load : loads) {
      load.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    assertThat(started()).hasSize(1);
  }

  @Test
  void healthThatLiesIsNotBelieved() throws Exception {
    rig.quirks.set("load-fails");

    assertThatThrownBy(this::load).hasMessageContaining("Model type unheard_of not supported");

    assertThat(state()).isEqualTo(ModelState.DISK);
    assertThat(started()).hasSize(1).noneMatch(MlxTestProcesses::runs);
  }

  @Test
  void aProcessThatEndsAtOnceSaysWhy() throws Exception {
    rig.quirks.set("exit-at-start=3");

    assertThatThrownBy(this::load)
        .hasMessageContaining("ImportError: cannot import name")
        .hasMessageContaining("ended with code 3");
  }

  @Test
  void aProcessAliveWithoutItsPortIsReplaced() throws Exception {
    rig.quirks.set("bind-fails");

    assertThatThrownBy(this::load).hasMessageContaining("port was taken");

    assertThat(started()).hasSize(ProcessLife.PORTS_MAX).noneMatch(MlxTestProcesses::runs);
  }

  @Test
  void aProcessThatNeverOpensItsPortIsGivenUp() throws Exception {
    runtime.close();
    runtime = rig.open("process.start-timeout = 1500ms");
    rig.quirks.set("no-port");

    assertThatThrownBy(this::load).hasMessageContaining("did not open its port within 1 s");
  }

  @Test
  void aPortThatOpensLateIsWaitedFor() throws Exception {
    rig.quirks.set("late-port=1000");

    load();

    assertThat(state()).isEqualTo(ModelState.LOADED);
  }

  @Test
  void garbageAndFloodsWhileLoadingCostTheModelOnly() throws Exception {
    rig.quirks.set("garbage");
    assertThatThrownBy(this::load).hasMessageContaining("does not speak HTTP");

    runtime.close();
    runtime = rig.open("process.load-timeout = 2s");
    // Whichever is over first: its time, or what may be sent without a token.
    rig.quirks.set("flood");
    assertThatThrownBy(this::load)
        .hasMessageMatching("(?s).*(no token within 2 s|far more bytes than text).*");

    rig.quirks.set("hang-all");
    assertThatThrownBy(this::load).hasMessageContaining("no token within 2 s");

    rig.quirks.set();
    MlxTestProcesses.await(this::loads);
    assertThat(state()).isEqualTo(ModelState.LOADED);
  }

  /** Whether it loads in the time it is given, which a busy machine may need longer for. */
  private boolean loads() throws Exception {
    try {
      load();
      return true;
    } catch (LoadException e) {
      assertThat(e).hasMessageContaining("within 2 s");
      return false;
    }
  }

  @Test
  void aCrashBreaksTheAnswerAndTheProcessIsStartedAgain() throws Exception {
    load();
    var before = runtime.pid(MODEL);
    rig.quirks.set("crash-after=3");

    var listener = ask("{'messages':[],'max_tokens':50}").awaitOver();

    assertThat(listener.failure().kind()).isIn(Kind.STREAM_CUT, Kind.RUNTIME_UNREACHABLE);
    rig.quirks.set();
    awaitState(ModelState.LOADED, before);
    assertThat(ask("{'messages':[],'max_tokens':3}").awaitOver().content()).isNotBlank();
    runtime.unload(MODEL).toCompletableFuture().get(60, TimeUnit.SECONDS);
    load();
    assertThat(rig.meters.get("broke.node.process.restarts").counter().count()).isEqualTo(1);
  }

  @Test
  void aModelThatCrashesAgainAndAgainIsTakenOutOfServiceAndSaysWhy() throws Exception {
    load();
    rig.quirks.set("crash-after=1");

    ask("{'messages':[],'max_tokens':50}").awaitOver();
    // Its proof makes each further one crash as well.
    var failed = awaitState(ModelState.FAILED, 0);

    assertThat(failed.reason()).contains("crashed 3 times", "terminating due to uncaught");
    assertThat(runtime.pid(MODEL)).isZero();

    rig.quirks.set();
    load();
    assertThat(state()).isEqualTo(ModelState.LOADED);
  }

  @Test
  void aHungProcessIsFoundOutAndReplaced() throws Exception {
    runtime.close().toCompletableFuture().get(60, TimeUnit.SECONDS);
    runtime = rig.open("process.probe-timeout = 500ms");
    load();
    var before = runtime.pid(MODEL);
    rig.quirks.set("hang-after=2", "hang-prefill");

    var listener = ask("{'messages':[],'max_tokens':50}").awaitOver();

    assertThat(listener.failure().kind()).isIn(Kind.STREAM_CUT, Kind.RUNTIME_UNREACHABLE);
    rig.quirks.set();
    awaitState(ModelState.LOADED, before);
  }

  @Test
  void anAnswerTakenBackFromASilentServerIsAReasonToAsk() throws Exception {
    runtime.close().toCompletableFuture().get(60, TimeUnit.SECONDS);
    runtime =
        rig.open(
            "process { busy-probe = 1h, idle-probe = 1h, doubt-after = 100ms, probe-timeout = 500ms }");
    load();
    var before = runtime.pid(MODEL);
    rig.quirks.set("hang-prefill");
    var given = runtime.start(Prompts.question(MODEL, "anybody there?"), new RecordingListener());
    given.request(1);
    long asked = System.nanoTime();
    MlxTestProcesses.await(() -> System.nanoTime() - asked > Duration.ofMillis(200).toNanos());

    given.cancel();

    MlxTestProcesses.await(() -> runtime.pid(MODEL) != before);
    rig.quirks.set();
    awaitState(ModelState.LOADED, before);
  }

  @Test
  void whileTokensFlowNobodyAsksWhetherItLives() throws Exception {
    load();
    var before = runtime.pid(MODEL);
    rig.quirks.set("token-ms=100");

    var listener = ask("{'messages':[],'max_tokens':20}").awaitOver();

    assertThat(listener.usage().completionTokens()).isEqualTo(20);
    assertThat(runtime.pid(MODEL)).isEqualTo(before);
  }

  @Test
  void aCancelledAnswerFreesTheServer() throws Exception {
    load();
    rig.quirks.set("endless", "token-ms=5");
    var listener = new RecordingListener();
    var generation = runtime.start(Prompts.question(MODEL, "for ever"), listener);
    generation.request(Long.MAX_VALUE);
    listener.awaitChunks(3);

    generation.cancel();
    generation.cancel();

    rig.quirks.set();
    assertThat(ask("{'messages':[],'max_tokens':3}").awaitOver().content()).isNotBlank();
    assertThat(listener.isOver()).isFalse();
  }

  @Test
  void unloadingWhileLoadingFailsTheLoad() throws Exception {
    rig.quirks.set("load-ms=60000");
    get(runtime);
    var load = runtime.load(MODEL, share -> {}).toCompletableFuture();
    MlxTestProcesses.await(() -> runtime.pid(MODEL) != 0);

    runtime.unload(MODEL).toCompletableFuture().get(60, TimeUnit.SECONDS);

    assertThat(load).failsWithin(Soon.LIMIT);
    assertThat(started()).noneMatch(MlxTestProcesses::runs);
  }

  @Test
  void whatTheServerPrintsOfAPromptStaysThere() throws Exception {
    load();
    rig.quirks.set("print-prompt", "crash-after=0");
    ask("{'messages':[{'role':'user','content':'my very own secret question about it'}]}")
        .awaitOver();
    rig.quirks.set("print-prompt", "crash-after=0");

    var failed = awaitState(ModelState.FAILED, 0);

    assertThat(failed.reason()).doesNotContain("secret");
  }
}
