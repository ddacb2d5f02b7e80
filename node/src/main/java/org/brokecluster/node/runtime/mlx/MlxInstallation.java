package org.brokecluster.node.runtime.mlx;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An mlx-lm that was found.
 *
 * @param command what starts its server, our arguments excepted
 * @param place where it was found, for people
 * @param version its version, if it could be told
 * @param architectures names of the models it can run, as in {@code model_type}; empty if unknown
 * @param options arguments its server understands; empty if unknown
 * @param python interpreter that has it, if it could be told
 */
public record MlxInstallation(
    List<String> command,
    Path place,
    Optional<MlxVersion> version,
    Set<String> architectures,
    Set<String> options,
    Optional<Path> python) {
  /** Copies the collections. */
  public MlxInstallation {
    command = List.copyOf(command);
    architectures = Set.copyOf(architectures);
    options = Set.copyOf(options);
  }

  /** Whether its server can be told this; the oldest arguments are always there. */
  boolean understands(String option) {
    return options.contains(option);
  }
}
