package org.brokecluster.node.runtime.process;

import org.brokecluster.node.runtime.Generation;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.node.runtime.Prompt;

/**
 * Speaks to one server process. The place where the dialect of a kind of server plugs in: what is
 * sent, how it is adapted, how the answer is read.
 */
public interface Engine {
  /** Starts an answer, as {@link org.brokecluster.node.runtime.ModelRuntime#start} does. */
  Generation start(Prompt prompt, GenerationListener listener);

  /** Breaks off what runs and closes the connections. */
  void close();
}
