package org.brokecluster.coordinator.edge;

import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which of several coordinators answers questions to the history: the one that runs the router,
 * because a history in a file is only there. Where all share one database, or nobody knows who runs
 * the router, any will do; but a file of another coordinator is another history, and is not asked.
 * Pure.
 *
 * @param routerAt cluster address of the coordinator with the router as {@code host:port}, empty
 *     while it is not known
 * @param shared whether all of them have the same history
 */
record KeeperChoice(String routerAt, boolean shared) {
  /** While nobody knows who runs the router. */
  static final KeeperChoice ANY = new KeeperChoice("", true);

  /**
   * The one to ask; nothing if none of them is the right one.
   *
   * @param address of one of them as {@code host:port}
   */
  <K extends Comparable<? super K>> Optional<K> among(
      Collection<K> keepers, Function<K, String> address) {
    var atRouter =
        keepers.stream().filter(each -> address.apply(each).equals(routerAt)).findFirst();
    boolean any = shared || routerAt.isEmpty();
    return atRouter.or(() -> any ? keepers.stream().sorted().findFirst() : Optional.empty());
  }
}
