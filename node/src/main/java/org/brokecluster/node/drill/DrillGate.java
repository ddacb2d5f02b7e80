package org.brokecluster.node.drill;

import akka.actor.typed.ActorRef;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Stands between a node and the others, both ways. Open but for a drill, when it keeps back what is
 * said (as a network does that delivers late, or a machine that stood still) or loses it (as one
 * that died). Thread safe; what was kept back goes out in its order when it opens.
 */
public final class DrillGate {
  /** What becomes of a message. */
  private enum Way {
    OPEN,
    KEPT,
    LOST
  }

  private final int keepMax;
  private final Deque<Runnable> kept = new ArrayDeque<>();
  private Way way = Way.OPEN;
  private long lost;

  /** An open gate that keeps so many messages back at the most; further ones are lost. */
  public DrillGate(int keepMax) {
    this.keepMax = keepMax;
  }

  /** Hands a message out, now, later or never. */
  public <T> void say(ActorRef<T> to, T message) {
    if (passes(() -> to.tell(message))) {
      to.tell(message);
    }
  }

  /**
   * Whether a message from outside may be acted upon now.
   *
   * @param again hands it in again; called when the gate opens if it is kept back
   */
  public boolean hears(Runnable again) {
    return passes(again);
  }

  private synchronized boolean passes(Runnable later) {
    return switch (way) {
      case OPEN -> true;
      case LOST -> {
        lost++;
        yield false;
      }
      case KEPT -> {
        if (kept.size() < keepMax) {
          kept.add(later);
        } else {
          lost++;
        }
        yield false;
      }
    };
  }

  /** Keeps everything back from now on. */
  public synchronized void keep() {
    way = Way.KEPT;
  }

  /** Loses everything from now on. */
  public synchronized void lose() {
    way = Way.LOST;
    kept.clear();
  }

  /** Lets everything through again, first what was kept back. */
  public synchronized void open() {
    way = Way.OPEN;
    for (var message = kept.poll(); message != null; message = kept.poll()) {
      message.run();
    }
  }

  /** Whether nothing is kept back or lost. */
  public synchronized boolean isOpen() {
    return way == Way.OPEN;
  }

  /** Messages lost so far. */
  public synchronized long lost() {
    return lost;
  }
}
