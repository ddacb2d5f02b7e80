package org.brokecluster.node.runtime;

/** An answer in the making. Safe for use from any thread. */
public interface Generation {
  /** Allows this many further calls of {@link GenerationListener#onChunk}. */
  void request(long chunks);

  /**
   * Stops the answer and the runtime's work on it; harmless when it has ended. The listener hears
   * nothing after it, except a call that was under way.
   */
  void cancel();
}
