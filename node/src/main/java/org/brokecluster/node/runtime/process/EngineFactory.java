package org.brokecluster.node.runtime.process;

import java.net.URI;

/** Makes the {@link Engine} for a server process that has opened its port. */
@FunctionalInterface
public interface EngineFactory {
  /**
   * An engine for the server at this address.
   *
   * @param slots streams that will run on it at once
   */
  Engine open(URI address, int slots);
}
