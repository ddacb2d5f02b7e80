package org.brokecluster.node.runtime.openai;

/**
 * What is remembered of one mlx_lm.server.
 *
 * @param texts prompts of text completions, each together with its answer
 * @param answers complete answers of chats, whose prompts only the server knows as text
 */
record ServerMemory(PromptMemory texts, PromptMemory answers) {
  /** Empty; so many of each are kept. */
  ServerMemory(int size) {
    this(new PromptMemory(size), new PromptMemory(size));
  }
}
