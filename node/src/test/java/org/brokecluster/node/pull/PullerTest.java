package org.brokecluster.node.pull;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.brokecluster.node.pull.FakeHub.Fault;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.node.NodeProtocol.PullPhase;
import org.brokecluster.protocol.node.NodeProtocol.PullStatus;
import org.brokecluster.shared.config.SettingsReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PullerTest {
  private static final int WEIGHTS = 3_000_000;
  private static final String SECRET = "hf_secretsecretsecret";
  private static final String REST = "GET /store/model.safetensors bytes=";
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir private Path cache;
  private final FakeHub hub = new FakeHub().withTinyModel(WEIGHTS);
  private final AtomicInteger fetched = new AtomicInteger();
  private Puller puller;

  @AfterEach
  void close() {
    if (puller != null) {
      puller.close();
    }
    hub.close();
  }

  private void start(String overrides) {
    var keys =
        """
        broke.node.pull { endpoint = "%s", cache = "%s", retry-delay = 5ms, disk-reserve = 0 }
        """
            .formatted(hub.url(), cache);
    var config =
        ConfigFactory.parseString(overrides)
            .withFallback(ConfigFactory.parseString(keys))
            .withFallback(ConfigFactory.load())
            .resolve();
    var reader = new SettingsReader(config);
    var settings = PullSettings.read(reader);
    assertThat(reader.problems()).isEmpty();
    var environment = Map.of("HF_TOKEN", SECRET);
    puller =
        new Puller(
            NodeId.of("mini"),
            settings,
            overrides.contains("anonymous") ? Map.of() : environment,
            System::nanoTime,
            fetched::incrementAndGet);
  }

  private PullStatus pull(String... include) {
    puller.start(FakeHub.MODEL, List.of(include));
    await(() -> puller.look(FakeHub.MODEL).phase().over());
    return puller.look(FakeHub.MODEL);
  }

  private static boolean tryAcquire(Semaphore permits) {
    try {
      return permits.tryAcquire(2, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + SOON.toNanos();
    var never = new Semaphore(0); // a wait that leaves the processor to those waited for
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      assertThat(tryAcquire(never)).isFalse();
    }
  }

  private Path model() {
    return cache.resolve("models--tiny--model-4bit");
  }

  private void assertComplete() throws IOException {
    var snapshot = model().resolve("snapshots").resolve(FakeHub.COMMIT);
    assertThat(model().resolve("refs/main")).hasContent(FakeHub.COMMIT);
    for (var file : List.of("model.safetensors", "config.json", "sub folder/vocab.txt")) {
      var link = snapshot.resolve(file);
      assertThat(link).isSymbolicLink().hasBinaryContent(hub.file(file));
      assertThat(Files.readSymbolicLink(link)).isRelative();
      assertThat(link.toRealPath())
          .isEqualTo(model().resolve("blobs").toRealPath().resolve(hub.hash(file)));
    }
    assertThat(snapshot.resolve("pytorch_model.bin")).doesNotExist();
    try (var blobs = Files.list(model().resolve("blobs"))) {
      assertThat(blobs).noneMatch(blob -> blob.toString().endsWith(".incomplete"));
    }
    try (var entries = Files.list(model())) {
      assertThat(entries.map(entry -> entry.getFileName().toString()))
          .containsExactlyInAnyOrder("blobs", "refs", "snapshots");
    }
  }

  @Test
  void bringsAModelIntoTheCacheThatAllToolsShare() throws IOException {
    start("");

    var done = pull();

    assertThat(done.phase()).isEqualTo(PullPhase.DONE);
    assertThat(done.message()).contains(model().toString());
    assertThat(done.files()).isEqualTo(done.filesDone()).isEqualTo(5);
    assertThat(done.bytes()).isEqualTo(done.bytesDone()).isGreaterThan(WEIGHTS);
    assertComplete();
    await(() -> fetched.get() == 1);
  }

  @Test
  void fetchesNothingTwice() throws IOException {
    start("");
    pull();
    long before = hub.asked.size();

    var again = pull();

    assertThat(again.phase()).isEqualTo(PullPhase.DONE);
    assertThat(again.message()).contains("here already");
    assertThat(hub.asked.size()).as("only the listing").isEqualTo(before + 1);
    assertComplete();
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"CUT", "TOO_MANY", "UNAVAILABLE", "WRONG_BYTES"})
  void overcomesWhatPasses(Fault fault) throws IOException {
    start("");
    hub.failing("model.safetensors", fault).failing("config.json", fault);

    assertThat(pull().phase()).isEqualTo(PullPhase.DONE);

    assertComplete();
    assertThat(hub.askedFor("model.safetensors")).isEqualTo(2);
  }

  @Test
  void goesOnWhereAnAnswerBrokeOff() {
    start("");
    hub.failing("model.safetensors", Fault.CUT);

    pull();

    assertThat(hub.asked).anyMatch(asked -> asked.startsWith(REST));
  }

  @Test
  void goesOnWhereAnEarlierPullStopped() throws IOException {
    var weights = hub.file("model.safetensors");
    var partial = model().resolve("blobs").resolve(hub.hash("model.safetensors") + ".incomplete");
    Files.createDirectories(partial.getParent());
    Files.write(partial, Arrays.copyOf(weights, 2_000_000));
    start("");

    assertThat(pull().phase()).isEqualTo(PullPhase.DONE);

    assertThat(hub.asked)
        .contains("GET /store/model.safetensors bytes=2000000-")
        .doesNotContain("GET /store/model.safetensors");
    assertComplete();
  }

  @Test
  void beginsAnewWhereTheHubDoesNotSendParts() throws IOException {
    var partial = model().resolve("blobs").resolve(hub.hash("model.safetensors") + ".incomplete");
    Files.createDirectories(partial.getParent());
    Files.write(partial, FakeHub.random(1_000_000, 99));
    hub.failing("model.safetensors", Fault.IGNORES_RANGE);
    start("");

    assertThat(pull().phase()).isEqualTo(PullPhase.DONE);

    assertComplete();
  }

  @Test
  void throwsAwayWhatAnEarlierPullLeftWrong() throws IOException {
    var partial = model().resolve("blobs").resolve(hub.hash("model.safetensors") + ".incomplete");
    Files.createDirectories(partial.getParent());
    Files.write(partial, FakeHub.random(WEIGHTS, 99));
    start("");

    assertThat(pull().phase()).isEqualTo(PullPhase.DONE);

    assertComplete();
  }

  @Test
  void neverPublishesWhatDoesNotMatchItsHash() {
    start("");
    hub.naming("model.safetensors", "a".repeat(64));

    var failed = pull();

    assertThat(failed.phase()).isEqualTo(PullPhase.FAILED);
    assertThat(failed.message()).contains("model.safetensors").contains("hash");
    assertThat(model().resolve("refs/main")).doesNotExist();
    assertThat(model().resolve("snapshots")).doesNotExist();
    assertThat(hub.askedFor("model.safetensors")).isEqualTo(2);
  }

  @Test
  void givesUpAfterSomeTriesAndKeepsWhatItHas() {
    start("broke.node.pull.tries-max = 3");
    hub.failing("model.safetensors", Fault.CUT, Fault.CUT, Fault.CUT);

    var failed = pull();

    assertThat(failed.phase()).isEqualTo(PullPhase.FAILED);
    assertThat(failed.message()).contains("broke off").contains("3 tries").contains("goes on");
    assertThat(model().resolve("refs/main")).doesNotExist();
    assertThat(pull().phase()).isEqualTo(PullPhase.DONE);
    assertThat(hub.asked).filteredOn(asked -> asked.startsWith(REST)).hasSizeGreaterThan(2);
  }

  @Test
  void givesUpAConnectionOnWhichNothingComes() throws IOException {
    start("broke.node.pull.stall-timeout = 300ms");
    hub.failing("model.safetensors", Fault.STALLS);

    assertThat(pull().phase()).isEqualTo(PullPhase.DONE);

    assertComplete();
  }

  @Test
  void triesAgainToGetTheDescription() {
    start("broke.node.pull { tries-max = 100, retry-delay = 20ms }");
    hub.listingFails = true;
    puller.start(FakeHub.MODEL, List.of());
    await(() -> hub.asked.size() >= 2);
    assertThat(puller.look(FakeHub.MODEL).phase()).isEqualTo(PullPhase.ASKING);

    hub.listingFails = false;

    await(() -> puller.look(FakeHub.MODEL).phase() == PullPhase.DONE);
  }

  @Test
  void givesTheTokenToTheHubAndToNobodyElse() throws IOException {
    start("");
    hub.tokenNeeded = SECRET;

    assertThat(pull().phase()).isEqualTo(PullPhase.DONE);

    assertThat(hub.askedFor("model.safetensors")).isOne();
    assertThat(hub.tokensAtStore).isEmpty();
    assertComplete();
  }

  @Test
  void saysWhatAGatedModelNeedsWithoutNamingTheToken() {
    start("# anonymous");
    hub.tokenNeeded = SECRET;

    var gated = pull();

    assertThat(gated.phase()).isEqualTo(PullPhase.FAILED);
    assertThat(gated.message())
        .contains("gated", "accept its terms at " + hub.url() + "/" + FakeHub.MODEL, "HF_TOKEN");
  }

  @Test
  void saysThatTheTokenIsNotEnough() {
    start("");
    hub.tokenNeeded = "another";
    hub.errorCode = "";

    var refused = pull();

    assertThat(refused.message()).contains("HF_TOKEN").doesNotContain(SECRET);
  }

  @Test
  void saysThatThereIsNoSuchModel() {
    start("# anonymous");
    puller.start("tiny/unheard-of", List.of());
    await(() -> puller.look("tiny/unheard-of").phase().over());

    assertThat(puller.look("tiny/unheard-of").message())
        .contains("no public model tiny/unheard-of")
        .contains("HF_TOKEN");
  }

  @Test
  void neverShowsTheSignatureOfARedirect() {
    start("broke.node.pull.tries-max = 1");
    hub.redirectTo = "http://127.0.0.1:1/store/x?Signature=secret-signature";

    var failed = pull();

    assertThat(failed.phase()).isEqualTo(PullPhase.FAILED);
    assertThat(failed.message()).contains("127.0.0.1:1").doesNotContain("secret-signature");
  }

  @Test
  void doesNotFollowRedirectsForEver() {
    start("");
    hub.redirectTo =
        hub.url() + "/" + FakeHub.MODEL + "/resolve/" + FakeHub.COMMIT + "/model.safetensors";

    assertThat(pull().message()).contains("redirects more than");
  }

  @Test
  void refusesToFillTheDisk() {
    start("broke.node.pull.disk-reserve = 1000TiB");

    var refused = pull();

    assertThat(refused.phase()).isEqualTo(PullPhase.FAILED);
    assertThat(refused.message()).contains("not enough space").contains("disk-reserve");
    assertThat(hub.askedFor("model.safetensors")).isZero();
  }

  @Test
  void fetchesNothingWhereItIsOfflineOrTheNameIsNone() {
    start("broke.node.models.offline = true");

    assertThat(puller.start(FakeHub.MODEL, List.of()).phase()).isEqualTo(PullPhase.REFUSED);
    assertThat(puller.start(FakeHub.MODEL, List.of()).message())
        .contains("broke.node.models.offline");
    assertThat(puller.start("nonsense", List.of()).message()).contains("OWNER/NAME");
    assertThat(puller.look(FakeHub.MODEL).phase()).isEqualTo(PullPhase.UNKNOWN);
    assertThat(hub.asked).isEmpty();
  }

  @Test
  void severalWhoAskForAModelShareItsPull() throws IOException {
    start("");
    hub.hold = new CountDownLatch(1);
    puller.start(FakeHub.MODEL, List.of());
    await(() -> hub.askedFor("model.safetensors") == 1);

    var joined = puller.start("huggingface:" + FakeHub.MODEL, List.of());
    assertThat(joined.phase()).isEqualTo(PullPhase.FETCHING);
    hub.hold.countDown();
    await(() -> puller.look(FakeHub.MODEL).phase().over());

    assertThat(hub.askedFor("model.safetensors")).isOne();
    assertComplete();
  }

  @Test
  void twoHostsNeverFetchTheSameModelIntoTheSameCache() throws IOException {
    start("");
    try (var lock = new HubCache(cache, HubModel.parse(FakeHub.MODEL)).lock().orElseThrow()) {
      assertThat(lock).isNotNull();
      assertThat(pull().message()).contains("another process");
    }
    assertThat(pull().phase()).isEqualTo(PullPhase.DONE);
  }

  @Test
  void stopsAtOnceAndGoesOnLater() throws IOException {
    start("");
    hub.failing("model.safetensors", Fault.STALLS);
    puller.start(FakeHub.MODEL, List.of());
    await(() -> puller.look(FakeHub.MODEL).bytesDone() >= WEIGHTS / 2);

    puller.stop(FakeHub.MODEL);

    await(() -> puller.look(FakeHub.MODEL).phase().over());
    assertThat(puller.look(FakeHub.MODEL).phase()).isEqualTo(PullPhase.STOPPED);
    assertThat(model().resolve("refs/main")).doesNotExist();
    assertThat(pull().phase()).isEqualTo(PullPhase.DONE);
    assertThat(hub.asked).contains("GET /store/model.safetensors bytes=1500000-");
    assertComplete();
  }

  @Test
  void fetchesNoMoreModelsAtOnceThanItMay() {
    start("broke.node.pull.pulls-max = 1");
    hub.failing("model.safetensors", Fault.STALLS);
    puller.start(FakeHub.MODEL, List.of());

    var second = puller.start("tiny/other", List.of());

    assertThat(second.phase()).isEqualTo(PullPhase.REFUSED);
    assertThat(second.message()).contains("pulls-max");
  }

  @Test
  void addsToASnapshotThatAnotherToolHasBegun() throws IOException {
    var snapshot = model().resolve("snapshots").resolve(FakeHub.COMMIT);
    Files.createDirectories(snapshot);
    Files.writeString(snapshot.resolve("config.json"), "half", StandardCharsets.UTF_8);
    start("");

    assertThat(pull().phase()).isEqualTo(PullPhase.DONE);

    assertComplete();
  }

  @Test
  void findsTheCacheWhereTheToolsOfHuggingFaceDo() {
    assertThat(locate(Map.of("HF_HUB_CACHE", "/x"))).isEqualTo(Path.of("/x"));
    assertThat(locate(Map.of("HF_HOME", "/h"))).isEqualTo(Path.of("/h/hub"));
    assertThat(locate(Map.of("XDG_CACHE_HOME", "/c"))).isEqualTo(Path.of("/c/huggingface/hub"));
    assertThat(locate(Map.of("HOME", "/u"))).isEqualTo(Path.of("/u/.cache/huggingface/hub"));
    assertThat(locate(Map.of("HOME", "/u", "HF_HOME", "~/m"))).isEqualTo(Path.of("/u/m/hub"));
    assertThat(HubCache.locate(java.util.Optional.of(Path.of("/set")), Map.of("HF_HOME", "/h")))
        .isEqualTo(Path.of("/set"));
  }

  private static Path locate(Map<String, String> environment) {
    return HubCache.locate(java.util.Optional.empty(), environment);
  }

  @Test
  void refusesAnEndpointThatIsNone() {
    var config =
        ConfigFactory.parseString("broke.node.pull.endpoint = \"ftp://x\"")
            .withFallback(ConfigFactory.load());
    var reader = new SettingsReader(config);

    assertThat(PullSettings.read(reader).endpoint())
        .isEqualTo(URI.create("https://huggingface.co"));

    assertThat(reader.problems()).singleElement().asString().contains("broke.node.pull.endpoint");
  }
}
