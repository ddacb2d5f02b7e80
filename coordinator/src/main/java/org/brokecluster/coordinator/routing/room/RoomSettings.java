package org.brokecluster.coordinator.routing.room;

import java.time.Duration;
import org.brokecluster.shared.config.SettingsReader;

/**
 * How many answers may be made at once: {@code broke.router.concurrency*} and {@code
 * broke.router.reserve}.
 *
 * @param total answers at once in the cluster
 * @param perNode answers at once on one node
 * @param bySlots whether a node whose models in memory run more streams than {@code perNode} may
 *     make that many, which raises {@code total} as far as needed
 * @param reserve share of the places that one flow leaves to others while others are about, 0 to
 *     0.9, rounded up; a flow may always have one
 * @param window how long after their last request others count as being about
 */
public record RoomSettings(
    int total, int perNode, boolean bySlots, double reserve, Duration window) {
  private static final String ROOT = "broke.router.";
  private static final int LIMIT_MAX = 100_000;
  private static final double RESERVE_MAX = 0.9;

  /** Reads and checks the keys. */
  public static RoomSettings from(SettingsReader reader) {
    return new RoomSettings(
        reader.integer(ROOT + "concurrency", 1, LIMIT_MAX),
        reader.integer(ROOT + "concurrency-per-node", 1, LIMIT_MAX),
        reader.flag(ROOT + "concurrency-by-slots"),
        reader.number(ROOT + "reserve.share", 0, RESERVE_MAX),
        reader.duration(ROOT + "reserve.window", Duration.ofSeconds(1), Duration.ofHours(24)));
  }

  /** Places of so many that one flow may take while others are about. */
  public int shareOf(int places) {
    return Math.max(1, places - (int) Math.ceil(places * reserve));
  }
}
