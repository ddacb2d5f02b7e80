package org.brokecluster.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import java.time.Duration;
import java.util.function.Supplier;
import org.brokecluster.node.away.SleepSource;
import org.brokecluster.protocol.node.NodeProtocol;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has running answers move before the machine sleeps, and lets it sleep when they have. Thread
 * safe.
 */
final class SleepGuard implements SleepSource.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(SleepGuard.class);
  private static final String REASON = "the machine is going to sleep";

  /**
   * The node in the current membership.
   *
   * @param system for asks
   */
  record Seat(ActorRef<NodeProtocol.Command> actor, ActorSystem<?> system) {}

  private final Supplier<@Nullable Seat> seat;
  private final Duration limit;

  /**
   * For a node.
   *
   * @param seat the node in the current membership, if there is one
   * @param limit how long the sleep is held back at most
   */
  SleepGuard(Supplier<@Nullable Seat> seat, Duration limit) {
    this.seat = seat;
    this.limit = limit;
  }

  @Override
  public void goingToSleep(Runnable allow) {
    var current = seat.get();
    if (current == null) {
      allow.run();
      return;
    }
    AskPattern.<NodeProtocol.Command, NodeProtocol.Done>ask(
            current.actor(),
            replyTo -> new NodeActor.Away(REASON, limit, replyTo),
            limit,
            current.system().scheduler())
        .whenComplete(
            (done, failure) -> {
              LOG.info("answers have moved before the sleep: all={}", failure == null);
              allow.run();
            });
  }

  @Override
  public void awake() {
    var current = seat.get();
    if (current != null) {
      current.actor().tell(new NodeActor.Back(REASON));
    }
  }
}
