package org.brokecluster.node.runtime;

import java.util.ArrayList;
import java.util.List;
import org.brokecluster.node.hardware.HardwareSettings;
import org.brokecluster.node.runtime.ollama.OllamaSettings;
import org.brokecluster.node.runtime.openai.OpenAiSettings;
import org.brokecluster.node.runtime.openai.RuntimeSpec;
import org.brokecluster.node.runtime.simulated.SimulatedSettings;
import org.brokecluster.shared.config.SettingsReader;

/**
 * Which runtimes a node has: {@code broke.node.runtimes}, {@code .simulated}, {@code .openai},
 * {@code .ollama}, and what the machine is taken for.
 *
 * @param attached servers to attach
 */
public record NodeRuntimeSettings(
    HardwareSettings hardware,
    List<RuntimeSpec> attached,
    OpenAiSettings openAi,
    OllamaSettings ollama,
    SimulatedSettings simulated) {
  private static final String RUNTIMES = "broke.node.runtimes";

  /** Copies the list. */
  public NodeRuntimeSettings {
    attached = List.copyOf(attached);
  }

  /** Reads the sections. */
  public static NodeRuntimeSettings read(SettingsReader reader) {
    var attached = new ArrayList<RuntimeSpec>();
    for (var text : reader.texts(RUNTIMES)) {
      try {
        attached.add(RuntimeSpec.parse(text));
      } catch (IllegalArgumentException e) {
        reader.problem(RUNTIMES, String.valueOf(e.getMessage()));
      }
    }
    return new NodeRuntimeSettings(
        HardwareSettings.read(reader),
        attached,
        OpenAiSettings.read(reader),
        OllamaSettings.read(reader),
        SimulatedSettings.read(reader));
  }
}
