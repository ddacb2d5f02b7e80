package org.brokecluster.node.detect;

/**
 * A model server that was found.
 *
 * @param label what it is, for people, such as {@code Ollama 0.13.1}
 * @param spec how it is attached, as {@code --runtime} takes it
 */
public record Detected(String label, String spec) {}
