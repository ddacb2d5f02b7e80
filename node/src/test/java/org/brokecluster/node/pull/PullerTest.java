package org.brokecluster.node.pull;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.brokecluster.node.pull.FakeHub.Fault;
import org.brokecluster.protocol.node.NodeProtocol.PullPhase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PullerTest extends PullerCase {
  private static final String REST = "GET /store/model.safetensors bytes=";

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
    start("broke.node.pull.stall-timeout = 1s");
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
  void givesUpADescriptionThatDoesNotCome() throws IOException {
    start("broke.node.pull.stall-timeout = 1s");
    hub.listingStalls.set(true);

    assertThat(pull().phase()).isEqualTo(PullPhase.DONE);

    assertComplete();
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
}
