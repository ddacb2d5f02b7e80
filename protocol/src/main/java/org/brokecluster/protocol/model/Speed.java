package org.brokecluster.protocol.model;

import com.fasterxml.jackson.annotation.JsonFormat;

/**
 * How fast one node serves one model, alone on the machine. Written as an array, because ten of
 * them must fit into a {@code NodeLoad} of 2 KiB; new components are added at the end.
 *
 * @param prefillTokensPerSecond prompt tokens read a second, above 0
 * @param decodeTokensPerSecond tokens made a second by a single stream, above 0
 * @param loadSeconds time from disk to the first token's readiness, at least 0
 * @param measured true once figures come from this node's own answers, false for a chip estimate
 */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
public record Speed(
    double prefillTokensPerSecond,
    double decodeTokensPerSecond,
    double loadSeconds,
    boolean measured) {
  /** Refuses speeds that would make a prediction infinite or negative. */
  public Speed {
    if (!(prefillTokensPerSecond > 0) || !(decodeTokensPerSecond > 0) || !(loadSeconds >= 0)) {
      throw new IllegalArgumentException(
          "speeds must be positive: prefill=%s decode=%s load=%s"
              .formatted(prefillTokensPerSecond, decodeTokensPerSecond, loadSeconds));
    }
  }
}
