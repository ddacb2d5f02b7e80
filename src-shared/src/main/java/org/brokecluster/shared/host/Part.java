package org.brokecluster.shared.host;

import java.util.concurrent.CompletionStage;

/**
 * One of the things a host can be: edge, node, coordinator. Found by {@link
 * java.util.ServiceLoader}.
 */
public interface Part {
  /** Name in logs. */
  String name();

  /** Parts start in this order and stop in the reverse one. */
  int order();

  /** Whether a host with these roles needs this part. */
  boolean wanted(HostSettings settings);

  /**
   * Takes the host's resources: ports, files, runtimes. Called once in the life of the JVM.
   *
   * @throws StartException if the part cannot work, with a message for people
   */
  Running start(Host host) throws StartException;

  /** A part that has been started. All methods are called from the host's own thread. */
  interface Running {
    /** Spawns this part's actors in a new membership. Called again after each rebuild. */
    void join(Membership membership);

    /**
     * Finishes or hands over what is running, before the membership leaves; bounded by the host.
     */
    CompletionStage<Void> drain();

    /** Gives the host's resources back; bounded by the host. */
    CompletionStage<Void> stop();
  }
}
