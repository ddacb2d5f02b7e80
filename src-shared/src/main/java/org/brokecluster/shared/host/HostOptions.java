package org.brokecluster.shared.host;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.Optional;
import org.brokecluster.shared.config.ClusterConf;
import org.brokecluster.shared.config.InvalidConfigException;

/**
 * What the command line said to a host that is to be started. Everything that is also a key of the
 * configuration is in {@code commandLine}, so that it is read from one place only.
 *
 * @param verb which verb was called
 * @param commandLine keys set on the command line; they win over environment and files
 * @param configDir folder of {@code cluster.conf} named on the command line, if any
 * @param preset simulated hardware to pretend to be, if any
 * @param parentPipe whether to end when standard input reaches its end
 */
public record HostOptions(
    HostVerb verb,
    Config commandLine,
    Optional<Path> configDir,
    Optional<String> preset,
    boolean parentPipe) {

  /**
   * The whole resolved configuration of this host.
   *
   * @throws InvalidConfigException if a file cannot be read or has keys that do not exist
   */
  public Config loadConfig() throws InvalidConfigException {
    return ClusterConf.forThisProcess(configDir).load(commandLine, preset);
  }

  /** The file an operator edits, whether it exists or not. */
  public Path configFile() {
    return ClusterConf.forThisProcess(configDir).file();
  }

  /** Where the configuration comes from, for messages. */
  public String configSource() {
    return ClusterConf.forThisProcess(configDir).source();
  }
}
