package org.brokecluster.node.runtime.process;

import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.brokecluster.node.memory.MemoryLedger;
import org.brokecluster.node.memory.MemoryLimit;
import org.brokecluster.node.runtime.NodeRuntimeSettings;
import org.brokecluster.node.runtime.disk.FakeModels;
import org.brokecluster.node.runtime.disk.ModelFinder;
import org.brokecluster.node.runtime.disk.ModelPlaces;
import org.brokecluster.node.runtime.mlx.MlxShelf;
import org.brokecluster.node.runtime.openai.Dialect;
import org.brokecluster.node.runtime.testserver.FakeMlxScript;
import org.brokecluster.node.runtime.testserver.Quirks;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.shared.config.SettingsReader;
import org.brokecluster.shared.hardware.Chip;

/** A runtime for MLX with real processes that play mlx_lm.server, quick to lose its patience. */
final class MlxRig {
  static final ModelId MODEL = ModelId.of("mlx-community/Qwen3-4B-4bit");

  private static final String HASTY =
      """
      process {
        tick = 20ms, start-timeout = 30s, load-timeout = 30s, error-grace = 300ms
        stop-grace = 500ms, idle-probe = 30s, busy-probe = 500ms, probe-timeout = 30s
        backoff-min = 50ms, backoff-max = 200ms, crashes-max = 3, crash-rest = 1h
      }
      """;

  final FakeModels models;
  final Quirks quirks;
  final Path folder;
  final MemoryLedger ledger;
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final ProcessRegister register;
  private final Path script;

  /** In an empty folder, on a machine that gives models 20 GB. */
  MlxRig(Path folder) throws IOException {
    this.folder = folder;
    models = new FakeModels(Files.createDirectories(folder.resolve("hub")));
    script = FakeMlxScript.write(folder);
    quirks = FakeMlxScript.quirks(folder);
    ledger = new MemoryLedger(new MemoryLimit(32_000_000_000L, 20_000_000_000L));
    register = new ProcessRegister(folder.resolve("processes"));
    models.model(MODEL.value(), 2_000_000_000L);
  }

  /** A runtime; its processes are found by one that is opened after it was forgotten. */
  SupervisedRuntime open(String more) {
    var settings = settings(more);
    var host = new ProcessHost(settings.process(), register, PortOwner.ofThisSystem(), meters);
    var shelf =
        new MlxShelf(
            settings.mlx(),
            Map.of(),
            new ModelFinder(new ModelPlaces(List.of(models.cache()), List.of())),
            Chip.parse("M2 Max").orElseThrow(),
            true,
            () -> false,
            System::nanoTime);
    var engines =
        OpenAiEngine.factory(
            settings.openAi(),
            Chip.parse("M2 Max").orElseThrow(),
            Dialect.MLX_LM,
            MlxShelf.WIRE_NAME,
            shelf::renderer);
    return new SupervisedRuntime(shelf, engines, host, ledger, settings.memory());
  }

  NodeRuntimeSettings settings(String more) {
    var mlx = "mlx { enabled = true, command = [\"%s\"], health = false }".formatted(script);
    var reader =
        new SettingsReader(
            ConfigFactory.parseString("broke.node {\n" + HASTY + mlx + "\n" + more + "\n}")
                .withFallback(ConfigFactory.defaultReference())
                .resolve());
    var settings = NodeRuntimeSettings.read(reader);
    if (!reader.problems().isEmpty()) {
      throw new AssertionError(reader.problems());
    }
    return settings;
  }
}
