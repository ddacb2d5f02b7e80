package org.brokecluster.protocol.model;

import java.util.List;
import org.brokecluster.protocol.id.ModelId;
import org.jspecify.annotations.Nullable;

/**
 * Everything that was measured of one model on one machine, as it is kept on disk and carried to
 * other machines of the same kind. A figure that was never measured is absent.
 *
 * @param runtime name of the runtime that served the model
 * @param bytes memory of the weights, if known; a model of another size under the same name is
 *     another model
 * @param prefill prompt tokens read a second
 * @param decode tokens made a second by a single stream
 * @param load seconds from disk to ready
 * @param shared tokens made a second by each of several streams, by rising number of streams
 * @param measuredAt when the latest figure was measured, in seconds since 1970
 * @param imported whether the figures come from another machine, to be replaced by measurements
 */
public record Baseline(
    ModelId model,
    String runtime,
    @Nullable Long bytes,
    @Nullable Mean prefill,
    @Nullable Mean decode,
    @Nullable Mean load,
    List<Shared> shared,
    @Nullable Long measuredAt,
    boolean imported) {
  /** Copies the list. */
  public Baseline {
    shared = shared == null ? List.of() : List.copyOf(shared);
  }

  /**
   * A mean in which the latest measurement weighs most.
   *
   * @param value the mean, at least 0
   * @param samples measurements in it, at least 1
   */
  public record Mean(double value, int samples) {
    /** Refuses what cannot have been measured. */
    public Mean {
      if (!(value >= 0) || Double.isInfinite(value) || samples < 1) {
        throw new IllegalArgumentException(
            "needs value >= 0 and samples >= 1: value=%s samples=%d".formatted(value, samples));
      }
    }
  }

  /**
   * A mean of what each of several streams got.
   *
   * @param streams streams side by side, at least 2
   */
  public record Shared(int streams, Mean each) {
    /** Refuses a stream that shares with nobody. */
    public Shared {
      if (streams < 2) {
        throw new IllegalArgumentException("streams must be at least 2: " + streams);
      }
    }
  }
}
