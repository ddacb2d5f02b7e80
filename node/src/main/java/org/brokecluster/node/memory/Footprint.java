package org.brokecluster.node.memory;

import java.util.OptionalLong;

/**
 * What a model takes while it is loaded, in bytes.
 *
 * @param weights its files of weights, as large as on disk
 * @param cache KV cache set aside for the streams it may run, and for prompts it remembers
 * @param overhead work space of its process
 * @param perToken KV cache of one further token; absent if it cannot be derived
 */
public record Footprint(long weights, long cache, long overhead, OptionalLong perToken) {
  /** Refuses negative figures. */
  public Footprint {
    if (weights < 0 || cache < 0 || overhead < 0 || perToken.orElse(0) < 0) {
      throw new IllegalArgumentException(
          "a footprint is not negative: weights=%d cache=%d overhead=%d perToken=%s"
              .formatted(weights, cache, overhead, perToken));
    }
  }

  /** All of it. */
  public long bytes() {
    return weights + cache + overhead;
  }

  /** The parts of the sum, for people. */
  String parts() {
    return "%s weights + %s KV cache + %s overhead = %s"
        .formatted(
            Gigabytes.of(weights),
            Gigabytes.of(cache),
            Gigabytes.of(overhead),
            Gigabytes.of(bytes()));
  }
}
