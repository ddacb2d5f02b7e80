package org.brokecluster.shared.hardware;

import org.brokecluster.protocol.model.Speed;

/**
 * How fast a chip runs a model, before anything was measured.
 *
 * <p><b>Decode</b> is bound by memory traffic. The time of one token is<br>
 * {@code seconds = 1.1 x active bytes / bandwidth + overhead},<br>
 * with 2.9 ms of overhead for a dense model and 5.1 ms for a mixture of experts. The three figures
 * are a least-squares reading of mlx-lm's {@code BENCHMARKS.md} (M4 Max, mlx-lm 0.28.2, prompt
 * 2048): nine measurements, each met within 10 %.
 *
 * <p><b>Prefill</b> is bound by compute: {@code tokens/s = factor x 6.3e12 / active parameters},
 * from the same runs (1577 to 1780 tok/s on 4.02 B and 3.3 B active weights).
 *
 * <p><b>Load</b> is {@code bytes / disk speed + 3 s} for reading and compiling.
 *
 * <p><b>Streams side by side</b> on one model share the reading of weights: each runs at {@code 1 /
 * (1 + 0.325 (n - 1))} of the speed alone, which is what a public run shows (exo issue 2295: 25.4
 * tok/s alone, 69.1 tok/s in all with 16 streams). Models side by side share the machine evenly.
 *
 * @param prefillTokensPerSecond prompt tokens read a second, alone on the machine
 * @param decodeTokensPerSecond tokens made a second by one stream, alone on the machine
 * @param loadSeconds from disk to ready
 */
public record SpeedEstimate(
    double prefillTokensPerSecond, double decodeTokensPerSecond, double loadSeconds) {
  private static final double TRAFFIC = 1.1;
  private static final double DENSE_OVERHEAD_SECONDS = 0.0029;
  private static final double MIXTURE_OVERHEAD_SECONDS = 0.0051;
  private static final double PREFILL_WEIGHTS_PER_SECOND = 6.3e12;
  private static final double LOAD_OVERHEAD_SECONDS = 3;
  private static final double STREAM_COST = 0.325;
  private static final double GIGA = 1e9;

  /** The estimate for a model that runs alone on the chip. */
  public static SpeedEstimate of(Chip chip, ModelSize model) {
    double overhead = model.mixture() ? MIXTURE_OVERHEAD_SECONDS : DENSE_OVERHEAD_SECONDS;
    double token = TRAFFIC * model.activeBytes() / (chip.bandwidth() * GIGA) + overhead;
    double prefill = chip.prefillFactor() * PREFILL_WEIGHTS_PER_SECOND / model.activeParameters();
    double load = model.bytes() / (chip.diskSpeed() * GIGA) + LOAD_OVERHEAD_SECONDS;
    return new SpeedEstimate(prefill, 1 / token, load);
  }

  /** As a node tells it before anything was measured. */
  public Speed speed() {
    return new Speed(prefillTokensPerSecond, decodeTokensPerSecond, loadSeconds, false);
  }

  /**
   * Share of its speed alone that a decoding stream keeps.
   *
   * @param streams streams that decode on the same model, itself included, at least 1
   * @param busyModels models at work on the machine, its own included, at least 1
   */
  public static double decodeShare(int streams, int busyModels) {
    return 1 / (1 + STREAM_COST * (Math.max(1, streams) - 1)) / Math.max(1, busyModels);
  }

  /**
   * Share of its speed alone that a prompt is read with: compute is divided, nothing is gained by
   * reading several at once.
   *
   * @param prompts prompts being read on the same model, itself included, at least 1
   * @param busyModels models at work on the machine, its own included, at least 1
   */
  public static double prefillShare(int prompts, int busyModels) {
    return 1.0 / Math.max(1, prompts) / Math.max(1, busyModels);
  }
}
