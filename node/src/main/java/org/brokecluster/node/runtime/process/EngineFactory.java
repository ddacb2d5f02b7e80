package org.brokecluster.node.runtime.process;

import java.net.URI;
import org.brokecluster.node.memory.CachePlan;

/** Makes the {@link Engine} for a server process that has opened its port. */
@FunctionalInterface
public interface EngineFactory {
  /**
   * An engine for the server at this address.
   *
   * @param model what it was started with
   * @param plan what it may hold of the model's cache: how many streams, how long a prompt
   */
  Engine open(URI address, ShelfModel model, CachePlan plan);
}
