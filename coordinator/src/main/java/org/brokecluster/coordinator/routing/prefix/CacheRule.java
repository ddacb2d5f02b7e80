package org.brokecluster.coordinator.routing.prefix;

import java.util.Locale;
import java.util.regex.Pattern;
import org.brokecluster.protocol.state.ModelFacts;

/**
 * What a model server remembers of prompts it has read.
 *
 * @param sequences prompts remembered at most, the one longest ago goes first
 * @param tokens tokens remembered at most
 * @param anywhere whether any common beginning can be used again; else only a beginning that ended
 *     where a message of the remembered prompt's edge ended: its first message, or the whole
 * @param reports whether answers tell how much of the prompt came from the cache
 * @param trust share of a remembered beginning that is counted on before anything was reported
 */
record CacheRule(int sequences, long tokens, boolean anywhere, boolean reports, double trust) {
  private static final long UNBOUNDED = Long.MAX_VALUE;

  /** mlx_lm.server's default; it may be set higher where it is started by others. */
  private static final int MLX_SEQUENCES = 10;

  /** What 8 GiB, llama-server's default beside its slots, hold at 144 KiB a token. */
  private static final long LLAMA_TOKENS = 58_000;

  private static final int LLAMA_SEQUENCES = 64;
  private static final long SIMULATED_TOKENS = 8_192L * 64;
  private static final int SIMULATED_SEQUENCES = 256;

  /**
   * Families with sliding windows or recurrent layers: their state cannot be cut back to any
   * position.
   */
  private static final Pattern HYBRID =
      Pattern.compile(
          "qwen-?3[.-](?:5|6)|qwen-?3-?next|gpt-?oss|gemma|mamba|jamba|granite-?4|lfm-?2|falcon-?h1"
              + "|nemotron-?h");

  /** The rule of a model as its node runs it. */
  static CacheRule of(ModelFacts model) {
    boolean hybrid = HYBRID.matcher(model.id().value().toLowerCase(Locale.ROOT)).find();
    return switch (model.runtime()) {
      case "simulated" -> new CacheRule(SIMULATED_SEQUENCES, SIMULATED_TOKENS, true, true, 1);
      case "mlx" -> new CacheRule(MLX_SEQUENCES, UNBOUNDED, !hybrid, true, 1);
      case "llama" -> new CacheRule(LLAMA_SEQUENCES, LLAMA_TOKENS, true, true, 1);
      // One remembered prompt for each place, by whatever server it is; it may not say so.
      default -> new CacheRule(model.slots(), UNBOUNDED, !hybrid, false, 0.5);
    };
  }
}
