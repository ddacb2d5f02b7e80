package org.brokecluster.node.runtime.gguf;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaIterator;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.Pair;
import de.kherud.llama.args.LogFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import org.brokecluster.node.runtime.LoadException;
import org.brokecluster.node.runtime.gguf.GgufRequest.Turn;

/** A model in memory: the one place where the binding is used. Its calls block. */
final class LoadedGguf implements AutoCloseable {
  private static final int SEED_MASK = Integer.MAX_VALUE;

  private final LlamaModel model;
  private final int context;

  private LoadedGguf(LlamaModel model, int context) {
    this.model = model;
    this.context = context;
  }

  /** Reads a file; throws {@link LoadException} if that does not work. */
  static LoadedGguf read(Path file, GgufSettings settings, int slots) {
    var parameters =
        new ModelParameters()
            .setModel(file.toString())
            .setCtxSize(Math.multiplyExact(settings.context(), slots))
            .setParallel(slots)
            .setGpuLayers(settings.gpuLayers())
            .disableLog();
    if (settings.threads() > 0) {
      parameters.setThreads(settings.threads());
    }
    try {
      // What the engine logs may hold text of prompts.
      LlamaModel.setLogger(LogFormat.TEXT, (level, message) -> {});
      return new LoadedGguf(new LlamaModel(parameters), settings.context());
    } catch (RuntimeException | LinkageError e) {
      throw new LoadException("llama.cpp cannot load %s: %s".formatted(file, e.getMessage()));
    }
  }

  /** Tokens of the context of one answer. */
  int context() {
    return context;
  }

  /** The prompt of a request as the model's template makes it. */
  String prompt(GgufRequest request) {
    if (request.turns().isEmpty() && request.system().isEmpty()) {
      return request.prompt();
    }
    var messages = new ArrayList<Pair<String, String>>();
    for (Turn turn : request.turns()) {
      messages.add(new Pair<>(turn.role(), turn.text()));
    }
    return model.applyTemplate(new InferenceParameters("").setMessages(request.system(), messages));
  }

  /** Number of tokens of a text. */
  int tokens(String text) {
    return model.encode(text).length;
  }

  /** Starts to go on from a prompt, without an end but the model's own. */
  LlamaIterator generate(String prompt, GgufRequest request) {
    var parameters = new InferenceParameters(prompt).setNPredict(-1).setCachePrompt(true);
    request.temperature().ifPresent(value -> parameters.setTemperature((float) value));
    request.topP().ifPresent(value -> parameters.setTopP((float) value));
    request.seed().ifPresent(value -> parameters.setSeed((int) (value & SEED_MASK)));
    if (!request.stops().isEmpty()) {
      parameters.setStopStrings(request.stops().toArray(String[]::new));
    }
    return model.generate(parameters).iterator();
  }

  @Override
  public void close() {
    model.close();
  }
}
