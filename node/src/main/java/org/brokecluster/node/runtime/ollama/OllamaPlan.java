package org.brokecluster.node.runtime.ollama;

/**
 * What a request is turned into Ollama's form with.
 *
 * @param name what Ollama calls the model
 * @param context lengths of context that may be asked for
 * @param loadedContext length the model is loaded with, 0 if it is not
 * @param keepAliveSeconds how long it stays in memory behind this request, negative for ever
 * @param thinks whether the model can be told to think
 * @param thinksByDegree whether it takes a degree of thinking rather than yes or no
 */
record OllamaPlan(
    String name,
    ContextChoice context,
    int loadedContext,
    long keepAliveSeconds,
    boolean thinks,
    boolean thinksByDegree) {

  /** For a model that is known. */
  static OllamaPlan of(OllamaModel model, OllamaSettings settings, boolean pinned) {
    return new OllamaPlan(
        model.name(),
        new ContextChoice(settings.contextMin(), settings.contextMax())
            .boundedBy(model.modelContext()),
        model.loadedContext(),
        pinned ? -1 : settings.keepAlive().toSeconds(),
        model.thinks(),
        model.thinksByDegree());
  }
}
