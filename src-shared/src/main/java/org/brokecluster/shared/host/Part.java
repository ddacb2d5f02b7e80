package org.brokecluster.shared.host;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.brokecluster.shared.config.SettingsReader;

/**
 * One of the things a host can be: edge, node, coordinator. Found by {@link
 * java.util.ServiceLoader}.
 */
public interface Part {
  /** Name in logs. */
  String name();

  /** Parts start in this order, and begin to stop in the reverse one. */
  int order();

  /** Whether a host with these roles needs this part. */
  boolean wanted(HostSettings settings);

  /**
   * What this part needs in the configuration of the host's own actor system, laid over {@code
   * root}; empty by default.
   */
  default Config hostConfig(HostSettings settings, Config root) {
    return ConfigFactory.empty();
  }

  /**
   * Reads this part's section only to find what is wrong with it, so that every problem of every
   * part is listed before anything starts.
   */
  void check(SettingsReader reader);

  /**
   * Takes the host's resources: ports, files, runtimes. Called once in the life of the JVM.
   *
   * @throws StartException if the part cannot work, with a message for people
   */
  Running start(Host host) throws StartException;

  /**
   * A part that has been started. All methods but {@link #woke} are called from the host's own
   * thread.
   */
  interface Running {
    /** Spawns this part's actors in a new membership. Called again after each rebuild. */
    void join(Membership membership);

    /**
     * Finishes or hands over what is running, before the membership leaves; bounded by the host.
     */
    CompletionStage<Void> drain();

    /**
     * This machine slept, and has just woken; nothing to do by default.
     *
     * @param slept about how long
     */
    default void woke(Duration slept) {
      // Most things go on where they were.
    }

    /** Gives the host's resources back, while the other parts do so too; bounded by the host. */
    CompletionStage<Void> stop();
  }
}
