package org.brokecluster.shared.doctor;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.Map;
import org.brokecluster.shared.command.CommandRunner;

/**
 * The machine and installation that are looked at.
 *
 * @param config the configuration with all defaults; the defaults alone if it cannot be read
 * @param dataDir where a host on this machine keeps what it keeps
 * @param environment environment variables
 * @param commands runs commands of the operating system
 * @param mac whether this is a Mac
 * @param serving whether the cluster that was asked can answer with a model already
 */
public record Patient(
    Config config,
    Path dataDir,
    Map<String, String> environment,
    CommandRunner commands,
    boolean mac,
    boolean serving) {
  /** Copies the map. */
  public Patient {
    environment = Map.copyOf(environment);
  }
}
