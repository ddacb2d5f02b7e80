package org.brokecluster.shared.hardware;

/**
 * How much memory a model takes on a Mac. The best figure for weights is always the size of the
 * files on disk; this is for when only the name is known.
 */
public final class MemoryEstimate {
  private static final long KIB = 1024;
  private static final long GIB = KIB * KIB * KIB;
  private static final long SMALL_MAC = 16 * GIB;

  private MemoryEstimate() {}

  /** Bytes of the weights. */
  public static long weightBytes(long parameters, Quantization format) {
    return Math.round(parameters * format.bytesPerWeight());
  }

  /**
   * Bytes of KV cache for one token, at 16 bits: {@code 2 x layers x kv heads x head size x 2}.
   * Since layers and heads are not known here, this is the figure of a common dense model of that
   * size: Qwen3-0.6B 112 KiB, Qwen3-4B 144, Qwen3-32B 256, Llama-3.3-70B 320.
   */
  public static long kvBytesPerToken(long parameters) {
    if (parameters < 3_000_000_000L) {
      return 112 * KIB;
    }
    if (parameters < 20_000_000_000L) {
      return 144 * KIB;
    }
    return (parameters < 50_000_000_000L ? 256 : 320) * KIB;
  }

  /**
   * Bytes a model needs to be useful: its weights, and KV cache for {@code slots} streams of {@code
   * tokensPerSlot} tokens each.
   */
  public static long residentBytes(ModelSize model, int slots, int tokensPerSlot) {
    return model.bytes() + (long) slots * tokensPerSlot * kvBytesPerToken(model.parameters());
  }

  /**
   * Bytes of physical memory that the GPU may hold: two thirds on Macs up to 16 GiB, three quarters
   * above (Metal's recommended working set; newer systems allow a little more).
   */
  public static long workingSet(long physicalBytes) {
    return physicalBytes <= SMALL_MAC ? physicalBytes / 3 * 2 : physicalBytes / 4 * 3;
  }
}
