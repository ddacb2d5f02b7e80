package org.brokecluster.simulation;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of one run.
 *
 * @param steps steps taken
 * @param virtualMs virtual time it took
 * @param ends requests by how they ended
 * @param brokenAttempts attempts that broke
 * @param rescued answers completed by another attempt than the one that began them
 * @param fingerprint the same whenever the same run is played
 * @param violation the first broken invariant, or null
 */
record Outcome(
    Plan plan,
    long steps,
    long virtualMs,
    Map<PlayedClient.End, Integer> ends,
    int brokenAttempts,
    int rescued,
    long fingerprint,
    @Nullable Violation violation) {

  static Outcome of(Plan plan, World world) {
    var ends = new EnumMap<PlayedClient.End, Integer>(PlayedClient.End.class);
    long print = world.time().steps() * 31 + world.time().nowMs();
    for (var request : world.watch().requests()) {
      var end = request.client().end();
      if (end != null) {
        ends.merge(end, 1, Integer::sum);
        print = print * 31 + end.name().hashCode() * 7L + request.client().words();
      }
    }
    print = print * 31 + world.network().sent() * 17 + world.network().lost();
    return new Outcome(
        plan,
        world.time().steps(),
        world.time().nowMs(),
        ends,
        world.watch().brokenAttempts(),
        world.watch().rescued(),
        print,
        world.watch().violation());
  }
}
