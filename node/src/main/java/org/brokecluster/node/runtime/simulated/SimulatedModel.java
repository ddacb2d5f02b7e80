package org.brokecluster.node.runtime.simulated;

import java.util.Set;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.shared.hardware.MemoryEstimate;
import org.brokecluster.shared.hardware.ModelSize;
import org.brokecluster.shared.hardware.Quantization;

/**
 * A model that is played.
 *
 * @param parameters weights in all
 * @param activeParameters weights read for each token
 * @param contextLength longest prompt plus answer in tokens
 * @param resident in memory from the start, if it fits
 * @param slots streams side by side
 */
public record SimulatedModel(
    ModelId id,
    Tier tier,
    long parameters,
    long activeParameters,
    Quantization quantization,
    int contextLength,
    boolean resident,
    int slots) {
  static final String RUNTIME = "simulated";

  private static final Set<Ability> ABILITIES =
      Set.of(
          Ability.CHAT,
          Ability.COMPLETION,
          Ability.TOOLS,
          Ability.TOOL_CHOICE,
          Ability.JSON_SCHEMA,
          Ability.JSON_OBJECT,
          Ability.SEED,
          Ability.ASSISTANT_PREFILL);

  /** Its size in memory. */
  public ModelSize size() {
    return ModelSize.of(parameters, activeParameters, quantization);
  }

  /** Memory it takes once loaded, with KV cache of so many tokens for each slot. */
  public long residentBytes(int kvTokensPerSlot) {
    return MemoryEstimate.residentBytes(size(), slots, kvTokensPerSlot);
  }

  /** What the node gossips about it. */
  public ModelFacts facts() {
    return new ModelFacts(
        id,
        tier,
        RUNTIME,
        true,
        parameters,
        quantization.label(),
        size().bytes(),
        contextLength,
        slots,
        ABILITIES);
  }
}
