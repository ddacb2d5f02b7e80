package org.brokecluster.node.runtime;

import java.util.ArrayList;
import java.util.List;
import org.brokecluster.node.hardware.HardwareSettings;
import org.brokecluster.node.memory.MemorySettings;
import org.brokecluster.node.runtime.gguf.GgufSettings;
import org.brokecluster.node.runtime.llama.LlamaSettings;
import org.brokecluster.node.runtime.mlx.MlxSettings;
import org.brokecluster.node.runtime.ollama.OllamaSettings;
import org.brokecluster.node.runtime.openai.OpenAiSettings;
import org.brokecluster.node.runtime.openai.RuntimeSpec;
import org.brokecluster.node.runtime.process.ProcessSettings;
import org.brokecluster.node.runtime.simulated.SimulatedSettings;
import org.brokecluster.shared.config.SettingsReader;

/**
 * Which runtimes a node has: {@code broke.node.runtimes}, {@code .simulated}, {@code .openai},
 * {@code .ollama}, {@code .mlx}, {@code .llama}, what the machine is taken for, and how much of it
 * models may have.
 *
 * @param attached servers to attach
 * @param detect whether servers that run here are looked for if none is named
 * @param memory how much of the machine models may take
 * @param process how processes that the node starts are looked after
 * @param mlx where mlx-lm and its models are
 * @param llama where llama-server and GGUF files are
 */
public record NodeRuntimeSettings(
    HardwareSettings hardware,
    List<RuntimeSpec> attached,
    boolean detect,
    OpenAiSettings openAi,
    OllamaSettings ollama,
    GgufSettings gguf,
    SimulatedSettings simulated,
    MemorySettings memory,
    ProcessSettings process,
    MlxSettings mlx,
    LlamaSettings llama) {
  private static final String RUNTIMES = "broke.node.runtimes";

  /** Copies the list. */
  public NodeRuntimeSettings {
    attached = List.copyOf(attached);
  }

  /** Reads the sections. */
  public static NodeRuntimeSettings read(SettingsReader reader) {
    var attached = new ArrayList<RuntimeSpec>();
    for (var text : reader.texts(RUNTIMES)) {
      if (LlamaSettings.isFile(text)) {
        continue;
      }
      try {
        attached.add(RuntimeSpec.parse(text));
      } catch (IllegalArgumentException e) {
        reader.problem(RUNTIMES, String.valueOf(e.getMessage()));
      }
    }
    return new NodeRuntimeSettings(
        HardwareSettings.read(reader),
        attached,
        reader.flag("broke.node.detect"),
        OpenAiSettings.read(reader),
        OllamaSettings.read(reader),
        GgufSettings.read(reader),
        SimulatedSettings.read(reader),
        MemorySettings.read(reader),
        ProcessSettings.read(reader),
        MlxSettings.read(reader),
        LlamaSettings.read(reader));
  }

  /** Whether this node looks for model servers that run here: where none is named or played. */
  public boolean wantsDetection() {
    return detect && attached.isEmpty() && !simulated.enabled();
  }

  /** The same with these servers attached. */
  public NodeRuntimeSettings attaching(List<RuntimeSpec> servers) {
    return new NodeRuntimeSettings(
        hardware, servers, detect, openAi, ollama, gguf, simulated, memory, process, mlx, llama);
  }

  /** Whether this node looks for mlx-lm: not where it is to play models, unless told to. */
  public boolean wantsMlx() {
    return switch (mlx.use()) {
      case ALWAYS -> true;
      case AUTO -> !simulated.enabled();
      case NEVER -> false;
    };
  }

  /** Whether this node looks for llama-server: not where it is to play models, unless told to. */
  public boolean wantsLlama() {
    return switch (llama.use()) {
      case ALWAYS -> true;
      case AUTO -> !simulated.enabled();
      case NEVER -> false;
    };
  }
}
