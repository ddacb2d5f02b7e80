package org.brokecluster.protocol.model;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How fast one node serves one model. Written as an array, because ten of them must fit into a
 * {@code NodeLoad} of 2 KiB; new components are added at the end.
 *
 * @param prefillTokensPerSecond prompt tokens read a second, above 0
 * @param decodeTokensPerSecond tokens made a second by a single stream, alone on the machine, above
 *     0
 * @param loadSeconds time from disk to the first token's readiness, at least 0
 * @param measured true once figures come from this node's own answers, false for a chip estimate
 * @param samples answers and loads that have been measured, at least 0
 * @param measuredAt when the latest of them was measured, in seconds since 1970 by the node's own
 *     clock; for people only, absent if never
 * @param shared speed of each stream while several share the model, as far as it was measured, by
 *     rising number of streams
 */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
public record Speed(
    double prefillTokensPerSecond,
    double decodeTokensPerSecond,
    double loadSeconds,
    boolean measured,
    int samples,
    @Nullable Long measuredAt,
    List<SharedSpeed> shared) {
  /** Refuses speeds that would make a prediction infinite or negative; copies the list. */
  public Speed {
    if (!(prefillTokensPerSecond > 0) || !(decodeTokensPerSecond > 0) || !(loadSeconds >= 0)) {
      throw new IllegalArgumentException(
          "speeds must be positive: prefill=%s decode=%s load=%s"
              .formatted(prefillTokensPerSecond, decodeTokensPerSecond, loadSeconds));
    }
    // A sender of an earlier version leaves the list out.
    shared = shared == null ? List.of() : List.copyOf(shared);
  }

  /** A speed of which only the figures for a single stream are known. */
  public Speed(
      double prefillTokensPerSecond,
      double decodeTokensPerSecond,
      double loadSeconds,
      boolean measured) {
    this(prefillTokensPerSecond, decodeTokensPerSecond, loadSeconds, measured, 0, null, List.of());
  }

  /**
   * How many times longer a token takes with so many streams side by side than with one: as
   * measured, in a straight line between two measured numbers of streams, and beyond the largest of
   * them with a fixed addition for each further stream.
   *
   * @param streams streams side by side, at least 1
   * @param perStream addition for each stream where nothing was measured, at least 0
   */
  public double slowdown(int streams, double perStream) {
    if (streams == 1) {
      return 1;
    }
    double knownAt = 1;
    double known = 1;
    for (int i = 0; i < shared.size(); i++) {
      var point = shared.get(i);
      double slower = decodeTokensPerSecond / point.tokensPerSecond();
      if (streams <= point.streams()) {
        return known + (slower - known) * (streams - knownAt) / (point.streams() - knownAt);
      }
      knownAt = point.streams();
      known = slower;
    }
    return known + perStream * (streams - knownAt);
  }
}
