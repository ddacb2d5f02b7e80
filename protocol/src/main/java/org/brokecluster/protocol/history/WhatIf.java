package org.brokecluster.protocol.history;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What would have happened otherwise: recorded requests under another strategy, configuration or
 * fleet.
 *
 * @param from first moment of the requests; null for the last {@value #HOURS} hours there are
 * @param to moment before which they came; null for now
 * @param strategy strategy for requests that named none; null for the one that was in force
 * @param settings values below {@code broke.router} that are different
 * @param without names of nodes that are left out
 * @param add machines that are added, as {@code chip:memory} with the memory in GiB; each has the
 *     models of the fleet that fit
 */
public record WhatIf(
    @Nullable Instant from,
    @Nullable Instant to,
    @Nullable String strategy,
    List<Setting> settings,
    List<String> without,
    List<String> add) {
  /** How far back it looks unless told otherwise. */
  public static final int HOURS = 24;

  /** One value that is different. */
  public record Setting(String key, String value) {}

  /** Copies the collections. */
  public WhatIf {
    settings = List.copyOf(settings);
    without = List.copyOf(without);
    add = List.copyOf(add);
  }
}
