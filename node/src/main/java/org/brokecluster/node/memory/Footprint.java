package org.brokecluster.node.memory;

/**
 * What a model takes while it is loaded, in bytes.
 *
 * @param weights its files of weights, as large as on disk
 * @param cache KV cache set aside for the streams it may run, and for prompts it remembers
 * @param overhead work space of its process
 * @param leastCache as much of the cache as it can work with where memory is short
 */
public record Footprint(long weights, long cache, long overhead, long leastCache) {
  /** Refuses negative figures. */
  public Footprint {
    if (weights < 0 || cache < 0 || overhead < 0 || leastCache < 0 || leastCache > cache) {
      throw new IllegalArgumentException(
          "an impossible footprint: weights=%d cache=%d overhead=%d leastCache=%d"
              .formatted(weights, cache, overhead, leastCache));
    }
  }

  /** As little as it can work with. */
  public long least() {
    return weights + leastCache + overhead;
  }

  /** All of it. */
  public long bytes() {
    return weights + cache + overhead;
  }

  /** The parts of the least sum, for people. */
  String parts() {
    return "%s weights + %s KV cache + %s overhead = %s"
        .formatted(
            Gigabytes.of(weights),
            Gigabytes.of(leastCache),
            Gigabytes.of(overhead),
            Gigabytes.of(least()));
  }
}
