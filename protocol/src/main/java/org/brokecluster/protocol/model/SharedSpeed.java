package org.brokecluster.protocol.model;

import com.fasterxml.jackson.annotation.JsonFormat;

/**
 * How fast each stream is while several share a model. Written as an array, see {@link Speed}.
 *
 * @param streams streams side by side, at least 2
 * @param tokensPerSecond tokens made a second by each of them, above 0
 */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
public record SharedSpeed(int streams, float tokensPerSecond) {
  /** Refuses what would make a prediction infinite. */
  public SharedSpeed {
    if (streams < 2 || !(tokensPerSecond > 0)) {
      throw new IllegalArgumentException(
          "needs streams >= 2 and speed > 0: streams=%d speed=%s"
              .formatted(streams, tokensPerSecond));
    }
  }
}
