package org.brokecluster.protocol.state;

import java.util.Set;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.Tier;
import org.jspecify.annotations.Nullable;

/**
 * What a node knows of one of its models and what seldom changes.
 *
 * @param runtime name of the runtime that serves it, such as {@code simulated} or {@code openai}
 * @param parameters number of weights, if known
 * @param bytes memory of the weights, if known
 * @param contextLength longest prompt plus answer in tokens, if known
 * @param slots streams this model runs side by side here, at least 1
 * @param residentBytes all the memory it holds when loaded, or the least it can be loaded with;
 *     absent where its runtime sees to that itself
 */
public record ModelFacts(
    ModelId id,
    Tier tier,
    String runtime,
    boolean simulated,
    @Nullable Long parameters,
    @Nullable String quantization,
    @Nullable Long bytes,
    @Nullable Integer contextLength,
    int slots,
    Set<Ability> abilities,
    @Nullable Long residentBytes) {
  /** Refuses a model that could never run. */
  public ModelFacts {
    if (slots < 1) {
      throw new IllegalArgumentException("slots must be at least 1: " + slots);
    }
    abilities = Set.copyOf(abilities);
  }

  /** A model of whose memory no more is known than its weights. */
  public ModelFacts(
      ModelId id,
      Tier tier,
      String runtime,
      boolean simulated,
      @Nullable Long parameters,
      @Nullable String quantization,
      @Nullable Long bytes,
      @Nullable Integer contextLength,
      int slots,
      Set<Ability> abilities) {
    this(
        id,
        tier,
        runtime,
        simulated,
        parameters,
        quantization,
        bytes,
        contextLength,
        slots,
        abilities,
        null);
  }
}
