package org.brokecluster.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * The network between actors. Messages between the same two actors keep their order; others may
 * overtake each other. A message is lost if its machines are cut apart when it is sent or when it
 * would come, if one has heard that the other was thrown out, or if its receiver is gone.
 */
final class Network {
  /** More than a run ever has: keeps the numbers of channels apart. */
  private static final long MAILBOXES_MAX = 1_000_003;

  private final Timeline time;
  private final Random random;
  private final Map<Long, Long> lastAt = new HashMap<>();
  private final int[] side;
  private final int usualMs;
  private final int rarelyMs;
  private int mailboxes;
  private long lost;
  private long sent;

  /**
   * A whole network.
   *
   * @param usualMs most of the messages take up to so long
   * @param rarelyMs one in twenty takes up to so long
   */
  Network(Timeline time, Random random, int machines, int usualMs, int rarelyMs) {
    this.time = time;
    this.random = random;
    this.side = new int[machines];
    this.usualMs = usualMs;
    this.rarelyMs = rarelyMs;
  }

  Mailbox mailbox(String name, Membership in) {
    return new Mailbox(++mailboxes, name, in);
  }

  /** Puts a machine on another side of a cut; 0 is the usual side. */
  void cut(Machine machine, int onSide) {
    side[machine.index()] = onSide;
  }

  boolean connected(Machine one, Machine other) {
    return side[one.index()] == side[other.index()];
  }

  /** Sends a message; {@code step} is what its receiver does with it. */
  void send(Mailbox from, Mailbox to, Object what, Runnable step) {
    sent++;
    if (!reaches(from, to)) {
      lost++;
      return;
    }
    long channel = MAILBOXES_MAX * from.id() + to.id();
    long at = Math.max(time.nowMs() + delayMs(from, to), lastAt.getOrDefault(channel, 0L));
    lastAt.put(channel, at);
    var delivery = new Delivery(from, to, what);
    time.after(at - time.nowMs(), delivery, () -> arrive(delivery, step));
  }

  private void arrive(Delivery delivery, Runnable step) {
    var to = delivery.to();
    if (!reaches(delivery.from(), to)) {
      lost++;
      return;
    }
    to.machine()
        .run(
            to.in().boot(),
            delivery,
            () -> {
              if (to.open()) {
                step.run();
              }
            });
  }

  private boolean reaches(Mailbox from, Mailbox to) {
    if (from.in().equals(to.in())) {
      return to.open();
    }
    return to.open() && from.in().speaksTo(to.in()) && connected(from.machine(), to.machine());
  }

  private long delayMs(Mailbox from, Mailbox to) {
    if (from.machine() == to.machine()) {
      return random.nextInt(2);
    }
    return 1L + random.nextInt(random.nextInt(20) == 0 ? rarelyMs : usualMs);
  }

  /** Messages sent so far. */
  long sent() {
    return sent;
  }

  /** Messages that were lost. */
  long lost() {
    return lost;
  }

  private record Delivery(Mailbox from, Mailbox to, Object what) {
    @Override
    public String toString() {
      return from + " -> " + to + ": " + what;
    }
  }
}
