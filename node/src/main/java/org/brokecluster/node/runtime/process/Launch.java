package org.brokecluster.node.runtime.process;

import java.util.List;
import java.util.Map;

/**
 * How a server process is started.
 *
 * @param command program and arguments, its port among them
 * @param environment variables laid over the node's own
 */
public record Launch(List<String> command, Map<String, String> environment) {
  /** Copies the collections. */
  public Launch {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }
}
