package org.brokecluster.node.runtime.process;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.brokecluster.node.memory.CachePlan;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Speed;
import org.jspecify.annotations.Nullable;

/**
 * A model as it lies on disk.
 *
 * @param path folder or file its server is given
 * @param need what it takes of memory; weights of 0 if unknown
 * @param parameters number of weights, if known
 * @param quantization format of the weights, if known
 * @param speed first estimate for this machine
 * @param problem why it cannot be loaded, if so
 */
public record ShelfModel(
    ModelId id,
    Path path,
    CachePlan.Need need,
    Optional<Long> parameters,
    Optional<String> quantization,
    Set<Ability> abilities,
    Speed speed,
    @Nullable Problem problem) {
  /**
   * Why a model cannot be loaded.
   *
   * @param state {@code FAILED} if it could be mended, {@code UNSUPPORTED} if not
   * @param reason for people, with what to do
   */
  public record Problem(ModelState state, String reason) {}

  /** Copies the set. */
  public ShelfModel {
    abilities = Set.copyOf(abilities);
  }

  /** The same with a problem. */
  public ShelfModel with(Problem found) {
    return new ShelfModel(id, path, need, parameters, quantization, abilities, speed, found);
  }
}
