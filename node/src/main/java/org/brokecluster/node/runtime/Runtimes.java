package org.brokecluster.node.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.brokecluster.node.hardware.Hardware;
import org.brokecluster.node.runtime.ollama.OllamaRuntime;
import org.brokecluster.node.runtime.openai.OpenAiRuntime;
import org.brokecluster.node.runtime.openai.RuntimeSpec;
import org.brokecluster.node.runtime.simulated.SimulatedRuntime;

/** Makes the runtimes a node is configured with. */
public final class Runtimes {
  private Runtimes() {}

  /**
   * The runtimes in the order of the configuration, the simulated one last; none if none is
   * configured. Whoever calls this closes them. Talks to nobody yet.
   *
   * @param environment where API keys are looked up
   * @throws IllegalArgumentException naming an environment variable that is not set
   */
  public static List<ModelRuntime> fromSettings(
      NodeRuntimeSettings settings, Hardware hardware, Map<String, String> environment) {
    var runtimes = new ArrayList<ModelRuntime>();
    for (var spec : settings.attached()) {
      runtimes.add(attached(spec, settings, hardware, environment));
    }
    if (settings.simulated().enabled()) {
      runtimes.add(
          new SimulatedRuntime(settings.simulated(), hardware.chip(), hardware.memoryBytes()));
    }
    return List.copyOf(runtimes);
  }

  private static ModelRuntime attached(
      RuntimeSpec spec,
      NodeRuntimeSettings settings,
      Hardware hardware,
      Map<String, String> environment) {
    return spec.isOllama()
        ? new OllamaRuntime(
            spec, settings.ollama(), settings.openAi(), hardware.chip(), environment)
        : new OpenAiRuntime(spec, settings.openAi(), hardware.chip(), environment);
  }
}
