package org.brokecluster.node.runtime.ollama;

import org.brokecluster.node.runtime.RuntimeModel;

/**
 * A model that Ollama has.
 *
 * @param name what Ollama calls it
 * @param modelContext longest context of the model itself, in tokens
 * @param loadedContext context it is loaded with, 0 if it is not loaded
 * @param thinks whether it can be told to think
 * @param thinksByDegree whether it takes a degree of thinking rather than yes or no
 */
record OllamaModel(
    RuntimeModel model,
    String name,
    int modelContext,
    int loadedContext,
    boolean thinks,
    boolean thinksByDegree) {}
