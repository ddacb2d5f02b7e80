package org.brokecluster.node.runtime;

import java.util.ArrayList;
import java.util.List;
import org.brokecluster.node.runtime.disk.ModelFinder;
import org.brokecluster.node.runtime.disk.ModelPlaces;
import org.brokecluster.node.runtime.gguf.GgufRuntime;
import org.brokecluster.node.runtime.mlx.MlxSettings;
import org.brokecluster.node.runtime.mlx.MlxShelf;
import org.brokecluster.node.runtime.ollama.OllamaRuntime;
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
  private Runtimes() {}

  /**
   * The runtimes in the order of the configuration, then MLX, the simulated one last. Whoever calls
   * this closes them. Talks to nobody yet.
   *
   * @throws IllegalArgumentException naming an environment variable that is not set
   */
  public static List<ModelRuntime> fromSettings(NodeRuntimeSettings settings, RuntimePlace place) {
    var runtimes = new ArrayList<ModelRuntime>();
    var hardware = place.hardware();
    for (var spec : settings.attached()) {
      runtimes.add(attached(spec, settings, place));
    }
    if (settings.wantsMlx()) {
      runtimes.add(mlx(settings, place, processes(settings, place)));
    }
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
      return new GgufRuntime(spec, settings.gguf(), chip);
    }
    return spec.isOllama()
        ? new OllamaRuntime(spec, settings.ollama(), settings.openAi(), chip, environment)
        : new OpenAiRuntime(spec, settings.openAi(), chip, environment);
  }

  private static ProcessHost processes(NodeRuntimeSettings settings, RuntimePlace place) {
    return new ProcessHost(
        settings.process(),
        new ProcessRegister(place.dataDir().resolve("processes")),
        PortOwner.ofThisSystem(),
        place.meters());
  }

  private static ModelRuntime mlx(
      NodeRuntimeSettings settings, RuntimePlace place, ProcessHost processes) {
    var chip = place.hardware().chip();
    var places = ModelPlaces.of(settings.mlx().modelPaths(), place.environment());
    var shelf =
        new MlxShelf(
            settings.mlx(),
            place.environment(),
            new ModelFinder(places),
            chip,
            place.isMac() || settings.mlx().use() == MlxSettings.Use.ALWAYS,
            System::nanoTime);
    var engines = OpenAiEngine.factory(settings.openAi(), chip, MlxShelf.WIRE_NAME);
    return new SupervisedRuntime(shelf, engines, processes, place.ledger(), settings.memory());
  }
}
