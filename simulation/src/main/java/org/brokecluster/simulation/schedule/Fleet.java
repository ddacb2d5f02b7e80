package org.brokecluster.simulation.schedule;

import java.util.List;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.shared.hardware.Chip;
import org.brokecluster.shared.hardware.ModelSize;
import org.brokecluster.shared.hardware.Quantization;
import org.brokecluster.simulation.schedule.MacSpec.ModelSpec;

/**
 * A fleet of Macs, and which of its models the load asks for.
 *
 * @param agentMix what agents ask for: nothing that only one machine has
 */
record Fleet(String name, List<MacSpec> macs, Mix mix, Mix agentMix) {
  /** Copies the list. */
  Fleet {
    macs = List.copyOf(macs);
  }

  private static final Quantization FOUR_BITS = new Quantization("4bit", 4.5);
  private static final int SLOTS = 4;

  /** mlx_lm.server's default. */
  private static final int CACHED_PROMPTS = 10;

  private static final String BASIC = "qwen-4b-4bit";
  private static final String BALANCED = "qwen-14b-4bit";
  private static final String PREMIUM = "qwen-32b-4bit";

  private static final Mix TWO = new Mix(List.of(BASIC, BALANCED), List.of(0.5, 0.5));
  private static final Mix THREE =
      new Mix(List.of(BASIC, BALANCED, PREMIUM), List.of(0.45, 0.45, 0.1));

  /** The three of {@code ./broke demo}. */
  static final Fleet DEMO =
      new Fleet(
          "demo",
          List.of(
              mac("studio-m2", "M2 Ultra", 64, false, basic(), balanced(), premium(true)),
              mac("studio-m1", "M1 Max", 32, false, basic(), balanced(), premium(false)),
              mac("mini-m1", "M1", 16, false, basic())),
          THREE,
          TWO);

  /** Four of the same kind. */
  static final Fleet EQUAL =
      new Fleet(
          "4 equal",
          List.of(
              mac("mini-1", "M4 Pro", 48, false, basic(), balanced()),
              mac("mini-2", "M4 Pro", 48, false, basic(), balanced()),
              mac("mini-3", "M4 Pro", 48, false, basic(), balanced()),
              mac("mini-4", "M4 Pro", 48, false, basic(), balanced())),
          TWO,
          TWO);

  /** Eight very unequal ones; four are laptops that come and go. */
  static final Fleet UNEQUAL =
      new Fleet(
          "8 unequal",
          List.of(
              mac("studio-ultra", "M2 Ultra", 64, false, basic(), balanced(), premium(true)),
              mac("studio-max", "M1 Max", 32, false, basic(), balanced(), premium(false)),
              mac("mini-pro", "M2 Pro", 16, false, basic()),
              mac("mini-old", "M1", 16, false, basic()),
              mac("book-max", "M4 Max", 64, true, basic(), balanced(), premium(true)),
              mac("book-pro", "M3 Pro", 36, true, basic(), balanced()),
              mac("air-new", "M3", 16, true, basic()),
              mac("air-old", "M1", 16, true, basic())),
          THREE,
          TWO);

  /** All of them. */
  static final List<Fleet> ALL = List.of(DEMO, EQUAL, UNEQUAL);

  /** The mix a load draws from. */
  Mix mixFor(Load load) {
    return load instanceof AgentLoad ? agentMix : mix;
  }

  /** Streams that all models in memory could run. */
  int slots() {
    return macs.stream()
        .flatMap(mac -> mac.models().stream())
        .filter(ModelSpec::resident)
        .mapToInt(ModelSpec::slots)
        .sum();
  }

  private static MacSpec mac(
      String name, String chip, int gib, boolean leaves, ModelSpec... models) {
    return new MacSpec(
        name, Chip.parse(chip).orElseThrow(), (long) gib << 30, List.of(models), leaves);
  }

  private static ModelSpec basic() {
    return model(BASIC, Tier.BASIC, 4_000_000_000L, true);
  }

  private static ModelSpec balanced() {
    return model(BALANCED, Tier.BALANCED, 14_800_000_000L, true);
  }

  private static ModelSpec premium(boolean resident) {
    return model(PREMIUM, Tier.PREMIUM, 32_800_000_000L, resident);
  }

  private static ModelSpec model(String id, Tier tier, long parameters, boolean resident) {
    var size = ModelSize.dense(parameters, FOUR_BITS);
    return new ModelSpec(id, tier, size, resident, SLOTS, CACHED_PROMPTS);
  }
}
