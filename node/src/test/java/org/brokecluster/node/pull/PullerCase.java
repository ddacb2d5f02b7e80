package org.brokecluster.node.pull;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.brokecluster.node.Soon;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.node.NodeProtocol.PullStatus;
import org.brokecluster.shared.config.SettingsReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A puller, the hub it fetches from, and an empty cache. */
abstract class PullerCase {
  static final int WEIGHTS = 3_000_000;
  static final String SECRET = "hf_secretsecretsecret";
  @TempDir Path cache;
  final FakeHub hub = new FakeHub().withTinyModel(WEIGHTS);
  final AtomicInteger fetched = new AtomicInteger();
  Puller puller;

  @AfterEach
  void close() {
    if (puller != null) {
      puller.close();
    }
    hub.close();
  }

  void start(String overrides) {
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

  PullStatus pull(String... include) {
    puller.start(FakeHub.MODEL, List.of(include));
    await(() -> puller.look(FakeHub.MODEL).phase().over());
    return puller.look(FakeHub.MODEL);
  }

  static void await(BooleanSupplier condition) {
    Soon.await("it becomes true", condition::getAsBoolean);
  }

  Path model() {
    return cache.resolve("models--tiny--model-4bit");
  }

  void assertComplete() throws IOException {
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
}
