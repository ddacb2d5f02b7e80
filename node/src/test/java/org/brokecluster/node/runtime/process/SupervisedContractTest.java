package org.brokecluster.node.runtime.process;

import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.brokecluster.node.memory.CachePlan;
import org.brokecluster.node.memory.MemoryLedger;
import org.brokecluster.node.memory.MemoryLimit;
import org.brokecluster.node.runtime.ModelRuntime;
import org.brokecluster.node.runtime.ModelRuntimeContract;
import org.brokecluster.node.runtime.NodeRuntimeSettings;
import org.brokecluster.node.runtime.openai.Dialect;
import org.brokecluster.node.runtime.testserver.MlxLmServer;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.shared.config.SettingsReader;
import org.brokecluster.shared.hardware.Chip;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every runtime keeps to, through supervision and the gate for memory. The process is a mere
 * {@code sleep}; the server it stands for runs within the test.
 */
class SupervisedContractTest extends ModelRuntimeContract {
  private static final ModelId MODEL = ModelId.of("Qwen3-4B-4bit");
  private static final Chip CHIP = Chip.parse("M2 Max").orElseThrow();

  @TempDir private Path folder;

  private MlxLmServer server;

  @Override
  protected ModelRuntime open() throws Exception {
    server = new MlxLmServer(0);
    var reader =
        new SettingsReader(
            ConfigFactory.parseString("broke.node.process { tick = 10ms, stop-grace = 200ms }")
                .withFallback(ConfigFactory.defaultReference())
                .resolve());
    var settings = NodeRuntimeSettings.read(reader);
    PortOwner ours = (port, pids) -> PortOwner.Holder.OURS;
    var host =
        new ProcessHost(
            settings.process(),
            new ProcessRegister(folder.resolve("processes")),
            ours,
            new SimpleMeterRegistry());
    var engines = OpenAiEngine.factory(settings.openAi(), CHIP, Dialect.MLX_LM, "default_model");
    EngineFactory inTheTest =
        (address, model, plan) -> engines.open(URI.create(server.url()), model, plan);
    var ledger = new MemoryLedger(new MemoryLimit(1L << 36, 1L << 35));
    var runtime = new SupervisedRuntime(new Shelf(), inTheTest, host, ledger, settings.memory());
    runtime.models().toCompletableFuture().get(60, TimeUnit.SECONDS);
    runtime.load(MODEL, share -> {}).toCompletableFuture().get(60, TimeUnit.SECONDS);
    awaitIdle();
    return runtime;
  }

  @Override
  protected ModelId model() {
    return MODEL;
  }

  @Override
  protected void awaitIdle() throws Exception {
    MlxTestProcesses.await(() -> server.generating() == 0);
  }

  @AfterEach
  final void stopServer() throws Exception {
    server.close();
  }

  private static final class Shelf implements ModelShelf {
    @Override
    public String runtime() {
      return "mlx";
    }

    @Override
    public List<ShelfModel> scan() {
      var need = new CachePlan.Need(1 << 20, OptionalLong.of(1), 0, OptionalInt.empty());
      return List.of(
          new ShelfModel(
              MODEL,
              Path.of("/nowhere"),
              need,
              Optional.of(4_000_000_000L),
              Optional.of("4bit"),
              Set.of(Ability.CHAT, Ability.COMPLETION, Ability.TOOLS),
              new Speed(1000, 50, 1, false),
              null));
    }

    @Override
    public Launch launch(ShelfModel model, CachePlan plan, int port) {
      return new Launch(List.of("sleep", "600"), Map.of());
    }
  }
}
