package org.brokecluster.shared.command;

import java.util.Optional;

/** Runs commands of the operating system: the seam to everything that only one system has. */
@FunctionalInterface
public interface CommandRunner {
  /**
   * What a command printed on its standard output; nothing if it does not exist, takes too long,
   * prints too much, or printed nothing at all. The exit code is not asked: {@code sysctl} fails
   * when one of many names is unknown and prints the others all the same.
   *
   * <p>Blocks for up to some seconds, so it is never called by an actor.
   */
  Optional<String> run(String... command);
}
