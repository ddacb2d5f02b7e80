package org.brokecluster.node.runtime.process;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Decides the life of one supervised process: when it is started, believed, doubted, ended and
 * started again. Pure: times are nanoseconds of any monotonic clock and come as arguments. Not
 * thread safe.
 *
 * <p>A process that breaks before its first token is not started again: whoever wanted it hears
 * why. One that worked and breaks is started again after {@code backoffMin * 2^(crashes - 1)}, at
 * most {@code backoffMax}, give or take a fifth; after {@code crashesMax} crashes within the window
 * it is out of service.
 */
final class ProcessLife {
  /** Ports tried before a start is given up. */
  static final int PORTS_MAX = 3;

  /** A tick that comes this late means that this machine or process slept. */
  private static final long LATE_NANOS = 3_000_000_000L;

  private static final double JITTER = 0.2;

  private final ProcessSettings settings;
  private final Deque<Long> crashes = new ArrayDeque<>();
  private ProcessState state = ProcessState.IDLE;
  private @Nullable String reason;
  private @Nullable String condemned;
  private boolean symptom;
  private boolean portTaken;
  private boolean worked;
  private boolean again;
  private int ports;
  private long since;
  private long until;
  private long lastTick;
  private long lastLife;
  private long probeBegun;
  private boolean probing;

  /**
   * What the process has shown since the last look.
   *
   * @param running answers it works on
   * @param lastLife when it last gave a sign of life, or got new work
   * @param doubted whether answers broke off or were waited for in vain, with no sign of life since
   * @param error an error it printed that usually ends a load, or null
   * @param errorAt when that was
   */
  record Signs(int running, long lastLife, boolean doubted, @Nullable String error, long errorAt) {}

  ProcessLife(ProcessSettings settings) {
    this.settings = settings;
  }

  ProcessState state() {
    return state;
  }

  /** Why it is out of service, or why the last start or run failed; null after success. */
  @Nullable String reason() {
    return reason;
  }

  /** Whether it is to end as soon as it can be ended. */
  boolean doomed() {
    return state == ProcessState.STOPPING || condemned != null;
  }

  /** Crashes within the window so far. */
  int crashes() {
    return crashes.size();
  }

  /**
   * Somebody wants it. Joins what is under way; a wait between restarts is not cut short.
   *
   * @param byOperator whether a person asked, who may end a long rest
   */
  Order begin(boolean byOperator, long now) {
    return switch (state) {
      case IDLE -> launch(now);
      case OUT_OF_SERVICE -> byOperator ? launch(now) : Order.NOTHING;
      case STOPPING -> {
        again = true;
        yield Order.NOTHING;
      }
      case STARTING, PROVING, READY, WAITING -> Order.NOTHING;
    };
  }

  private Order launch(long now) {
    crashes.clear();
    worked = false;
    ports = 0;
    return start(now);
  }

  private Order start(long now) {
    state = ProcessState.STARTING;
    since = now;
    lastTick = now;
    again = false;
    condemned = null;
    symptom = false;
    portTaken = false;
    probing = false;
    ports++;
    return Order.LAUNCH;
  }

  /** Its port is open, and the process that holds it is ours. */
  Order opened(long now) {
    if (state != ProcessState.STARTING || condemned != null) {
      return Order.NOTHING;
    }
    state = ProcessState.PROVING;
    since = now;
    return Order.PROVE;
  }

  /** Somebody else holds its port. */
  Order portTaken(long now) {
    if (state != ProcessState.STARTING || condemned != null) {
      return Order.NOTHING;
    }
    portTaken = true;
    return condemn("its port was taken by another program");
  }

  /** It has made a token for us. */
  Order proven(long now) {
    probing = false;
    lastLife = now;
    if (state == ProcessState.PROVING && condemned == null) {
      state = ProcessState.READY;
      since = now;
      worked = true;
      reason = null;
    }
    return Order.NOTHING;
  }

  /** It has failed to make a token; while it works, the next look decides. */
  Order unproven(String why, long now) {
    probing = false;
    return switch (state) {
      case PROVING -> suspect(why);
      case READY -> suspect("it no longer answers: " + why);
      case IDLE, STARTING, STOPPING, WAITING, OUT_OF_SERVICE -> Order.NOTHING;
    };
  }

  /** Nobody wants it any longer. */
  Order stop() {
    return switch (state) {
      case STARTING, PROVING, READY -> {
        state = ProcessState.STOPPING;
        again = false;
        yield Order.END;
      }
      case WAITING, OUT_OF_SERVICE -> {
        state = ProcessState.IDLE;
        reason = null;
        yield Order.NOTHING;
      }
      case STOPPING -> {
        again = false;
        yield Order.NOTHING;
      }
      case IDLE -> Order.NOTHING;
    };
  }

  /**
   * How a process ended.
   *
   * @param error the error it printed last, or null
   * @param why what it said or how it ended
   */
  record Ending(@Nullable String error, String why) {}

  /**
   * It is gone, with all its children.
   *
   * @param chance 0 to 1, spreads restarts
   */
  Order exited(Ending ending, double chance, long now) {
    var charge = condemned;
    condemned = null;
    if (state == ProcessState.STOPPING) {
      state = ProcessState.IDLE;
      reason = null;
      return again ? launch(now) : Order.NOTHING;
    }
    if (portTaken && ports < PORTS_MAX) {
      return start(now);
    }
    reason = reason(charge, ending);
    if (!worked) {
      state = ProcessState.IDLE;
      return Order.NOTHING;
    }
    return crashed(chance, now);
  }

  /** What we held against it counts, but for an answer cut short: its own words say more. */
  private String reason(@Nullable String charge, Ending ending) {
    if (charge == null) {
      return ending.why();
    }
    return symptom && ending.error() != null ? ending.error() : charge;
  }

  private Order crashed(double chance, long now) {
    crashes.add(now);
    long window = settings.crashWindow().toNanos();
    crashes.removeIf(at -> now - at > window);
    if (crashes.size() >= settings.crashesMax()) {
      state = ProcessState.OUT_OF_SERVICE;
      reason =
          "it crashed %d times within %s; the last time: %s"
              .formatted(crashes.size(), text(settings.crashWindow()), reason);
      until = now + settings.crashRest().toNanos();
    } else {
      state = ProcessState.WAITING;
      until = now + backoff(chance);
    }
    ports = 0;
    return Order.NOTHING;
  }

  private long backoff(double chance) {
    double wait = settings.backoffMin().toNanos() * Math.pow(2, crashes.size() - 1.0);
    double bounded = Math.min((double) settings.backoffMax().toNanos(), wait);
    return (long) (bounded * (1 - JITTER + 2 * JITTER * chance));
  }

  /** Looks at it; called about every {@code tick}, whatever the state. */
  Order tick(Signs signs, long now) {
    boolean slept = now - lastTick > settings.tick().toNanos() + LATE_NANOS;
    lastTick = now;
    if (slept) {
      return woke(now);
    }
    if (condemned != null) {
      return Order.NOTHING;
    }
    return switch (state) {
      case STARTING -> starting(now);
      case PROVING -> proving(signs, now);
      case READY -> ready(signs, now);
      case WAITING -> now - until >= 0 ? start(now) : Order.NOTHING;
      case OUT_OF_SERVICE -> {
        if (now - until >= 0) {
          state = ProcessState.IDLE;
        }
        yield Order.NOTHING;
      }
      case IDLE, STOPPING -> Order.NOTHING;
    };
  }

  /**
   * This machine slept: nothing is held against a process for that time, but one that worked is
   * asked whether it still does; some hang after waking.
   */
  Order woke(long now) {
    lastTick = now;
    since = now;
    lastLife = now;
    if (state != ProcessState.READY || condemned != null || probing) {
      probeBegun = now;
      return Order.NOTHING;
    }
    return probe(now);
  }

  private Order starting(long now) {
    return now - since < settings.startTimeout().toNanos()
        ? Order.NOTHING
        : condemn("it did not open its port within " + text(settings.startTimeout()));
  }

  private Order proving(Signs signs, long now) {
    if (signs.error() != null && now - signs.errorAt() >= settings.errorGrace().toNanos()) {
      return condemn(signs.error());
    }
    return now - since < settings.loadTimeout().toNanos()
        ? Order.NOTHING
        : condemn("it made no token within " + text(settings.loadTimeout()));
  }

  private Order ready(Signs signs, long now) {
    if (signs.lastLife() - lastLife > 0) {
      lastLife = signs.lastLife();
    }
    if (!probing) {
      var patience = signs.running() > 0 ? settings.busyProbe() : settings.idleProbe();
      boolean quiet = now - lastLife >= patience.toNanos();
      return quiet || signs.doubted() ? probe(now) : Order.NOTHING;
    }
    long silentSince = probeBegun - lastLife > 0 ? probeBegun : lastLife;
    return now - silentSince < settings.probeTimeout().toNanos()
        ? Order.NOTHING
        : condemn("it hangs: nothing came from it within " + text(settings.probeTimeout()));
  }

  private Order probe(long now) {
    probing = true;
    probeBegun = now;
    return Order.PROBE;
  }

  private Order suspect(String why) {
    symptom = condemned == null;
    return condemn(why);
  }

  private Order condemn(String why) {
    if (condemned != null) {
      return Order.NOTHING;
    }
    condemned = why;
    return Order.END;
  }

  private static String text(Duration time) {
    long seconds = time.toSeconds();
    return seconds >= 1 ? seconds + " s" : time.toMillis() + " ms";
  }
}
