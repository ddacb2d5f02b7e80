package org.brokecluster.node.runtime;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.node.runtime.disk.GgufFinder;
import org.brokecluster.node.runtime.disk.ModelFinder;
import org.brokecluster.node.runtime.disk.ModelPlaces;
import org.brokecluster.node.runtime.gguf.GgufRuntime;
import org.brokecluster.node.runtime.llama.LlamaShelf;
import org.brokecluster.node.runtime.mlx.MlxSettings;
import org.brokecluster.node.runtime.mlx.MlxShelf;
import org.brokecluster.node.runtime.ollama.OllamaRuntime;
import org.brokecluster.node.runtime.openai.Dialect;
import org.brokecluster.node.runtime.openai.OpenAiRuntime;
import org.brokecluster.node.runtime.openai.RuntimeSpec;
import org.brokecluster.node.runtime.process.OpenAiEngine;
import org.brokecluster.node.runtime.process.PortOwner;
import org.brokecluster.node.runtime.process.ProcessHost;
import org.brokecluster.node.runtime.process.ProcessRegister;
import org.brokecluster.node.runtime.process.SupervisedRuntime;
import org.brokecluster.node.runtime.simulated.SimulatedRuntime;

/** Makes the runtimes a node is configured with. */
public final class Runtimes {
  private static final String PROCESSES = "processes";

  private Runtimes() {}

  /**
   * The runtimes in the order of the configuration, then those whose servers this node starts, the
   * simulated one last. Whoever calls this closes them. Talks to nobody yet.
   *
   * @throws IllegalArgumentException naming an environment variable that is not set
   */
  public static List<ModelRuntime> fromSettings(NodeRuntimeSettings settings, RuntimePlace place) {
    var runtimes = new ArrayList<ModelRuntime>();
    var hardware = place.hardware();
    for (var spec : settings.attached()) {
      runtimes.add(attached(spec, settings, place));
    }
    runtimes.addAll(supervised(settings, place));
    if (settings.simulated().enabled()) {
      runtimes.add(
          new SimulatedRuntime(settings.simulated(), hardware.chip(), hardware.memoryBytes()));
    }
    return List.copyOf(runtimes);
  }

  private static ModelRuntime attached(
      RuntimeSpec spec, NodeRuntimeSettings settings, RuntimePlace place) {
    var chip = place.hardware().chip();
    var environment = place.environment();
    if (spec.isGguf()) {
      return new GgufRuntime(spec, settings.gguf(), chip, settings.memory().overheadBytes());
    }
    return spec.isOllama()
        ? new OllamaRuntime(spec, settings.ollama(), settings.openAi(), chip, environment)
        : new OpenAiRuntime(spec, settings.openAi(), chip, environment);
  }

  /**
   * Runtimes whose servers this node starts. What an earlier run may have left behind is ended even
   * where none is wanted any longer.
   */
  private static List<ModelRuntime> supervised(NodeRuntimeSettings settings, RuntimePlace place) {
    boolean left = Files.isDirectory(place.dataDir().resolve(PROCESSES));
    if (!settings.wantsMlx() && !settings.wantsLlama() && !left) {
      return List.of();
    }
    var processes =
        new ProcessHost(
            settings.process(),
            new ProcessRegister(place.dataDir().resolve(PROCESSES)),
            PortOwner.ofThisSystem(),
            place.meters());
    var places = ModelPlaces.of(settings.mlx().modelPaths(), place.environment());
    var chip = place.hardware().chip();
    var finder = new GgufFinder(places, settings.llama().files());
    var gguf =
        new LlamaShelf(settings.llama(), place.environment(), finder, chip, System::nanoTime);
    var mlx =
        new MlxShelf(
            settings.mlx(),
            place.environment(),
            new ModelFinder(places),
            chip,
            place.isMac() || settings.mlx().use() == MlxSettings.Use.ALWAYS,
            gguf::serves,
            System::nanoTime);
    var runtimes = new ArrayList<ModelRuntime>();
    if (settings.wantsMlx()) {
      var engines =
          OpenAiEngine.factory(
              settings.openAi(), chip, Dialect.MLX_LM, MlxShelf.WIRE_NAME, mlx::renderer);
      runtimes.add(
          new SupervisedRuntime(mlx, engines, processes, place.ledger(), settings.memory()));
    }
    if (settings.wantsLlama()) {
      var engines =
          OpenAiEngine.factory(settings.openAi(), chip, Dialect.LLAMA, LlamaShelf.WIRE_NAME);
      runtimes.add(
          new SupervisedRuntime(gguf, engines, processes, place.ledger(), settings.memory()));
    }
    return runtimes;
  }
}
