package org.brokecluster.node.hardware;

import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.brokecluster.protocol.state.MachineFacts;
import org.brokecluster.protocol.state.MachineLoad;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the machine again and again, on a thread of its own because a look may take seconds, and
 * keeps the latest answer for whoever asks. Thread safe.
 */
public final class MachineWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MachineWatch.class);

  /** Changes below this are not worth telling. */
  private static final long BYTES_STEP = 256L << 20;

  private static final int PERCENT_STEP = 5;

  private final AtomicReference<MachineFacts> facts = new AtomicReference<>(MachineFacts.UNKNOWN);
  private final AtomicReference<MachineLoad> load = new AtomicReference<>(MachineLoad.UNKNOWN);
  private final MachineProbe probe;
  private final Clock clock;
  private final AtomicReference<OwnerSigns> owner;
  private final OwnerLook ownerLook;
  private final AtomicReference<Runnable> listener = new AtomicReference<>(() -> {});
  private final ScheduledExecutorService thread;
  private final Future<?> looks;

  /** Whether the owner counts, beside the machine. */
  public enum OwnerLook {
    /** Not at all. */
    NONE,
    /** Only by the time of day. */
    TIME,
    /** Also by what the owner touches. */
    TOUCH
  }

  private MachineWatch(
      MachineProbe probe,
      OwnerLook ownerLook,
      Clock clock,
      Duration interval,
      ScheduledExecutorService thread) {
    this.probe = probe;
    this.ownerLook = ownerLook;
    this.clock = clock;
    this.owner = new AtomicReference<>(new OwnerSigns(LocalDateTime.now(clock), null));
    this.thread = thread;
    thread.execute(this::lookAtFacts);
    long millis = interval.toMillis();
    this.looks = thread.scheduleWithFixedDelay(this::look, 0, millis, TimeUnit.MILLISECONDS);
  }

  /** Begins to look, at once and then at this interval; the owner does not count. */
  public static MachineWatch start(MachineProbe probe, Duration interval) {
    return start(probe, OwnerLook.NONE, Clock.system(ZoneId.systemDefault()), interval);
  }

  /**
   * Begins to look, at once and then at this interval.
   *
   * @param clock tells the machine's own time
   */
  public static MachineWatch start(
      MachineProbe probe, OwnerLook ownerLook, Clock clock, Duration interval) {
    var thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              var made = new Thread(task, "broke-machine");
              made.setDaemon(true);
              return made;
            });
    return new MachineWatch(probe, ownerLook, clock, interval, thread);
  }

  /** What seldom changes, as far as it has been read. */
  public MachineFacts facts() {
    return facts.get();
  }

  /** How the machine was at the last look. */
  public MachineLoad load() {
    return load.get();
  }

  /** What the last look told of the owner; only the time if the owner does not count. */
  public OwnerSigns owner() {
    return owner.get();
  }

  /**
   * Has this called after each change that is worth telling, and after each look if the owner
   * counts, in place of what was called before; on the watch's thread, so it must be quick.
   */
  public void onChange(Runnable next) {
    listener.set(next);
  }

  private void lookAtFacts() {
    try {
      var seen = probe.facts();
      if (!seen.equals(facts.getAndSet(seen))) {
        listener.get().run();
      }
    } catch (RuntimeException e) {
      LOG.warn("cannot read what machine this is", e);
    }
  }

  private void look() {
    try {
      var seen = rounded(probe.load());
      lookAtOwner();
      if (!seen.equals(load.getAndSet(seen)) || ownerLook != OwnerLook.NONE) {
        listener.get().run();
      }
    } catch (RuntimeException e) {
      // Thrown on, it would end the looks for good.
      LOG.warn("cannot read how this machine is", e);
    }
  }

  private void lookAtOwner() {
    var untouched = ownerLook == OwnerLook.TOUCH ? probe.untouched().orElse(null) : null;
    owner.set(new OwnerSigns(LocalDateTime.now(clock), untouched));
  }

  /** In steps, so that noise does not go round the cluster. */
  private static MachineLoad rounded(MachineLoad seen) {
    var available = seen.availableBytes();
    var swap = seen.swapUsedBytes();
    var cpu = seen.cpuPercent();
    return new MachineLoad(
        seen.pressure(),
        available == null ? null : Long.valueOf(step(available)),
        swap == null ? null : Long.valueOf(step(swap)),
        seen.power(),
        seen.batteryPercent(),
        seen.thermal(),
        seen.speedLimitPercent(),
        cpu == null
            ? null
            : Integer.valueOf(Math.round(cpu / (float) PERCENT_STEP) * PERCENT_STEP));
  }

  private static long step(long bytes) {
    return (bytes + BYTES_STEP / 2) / BYTES_STEP * BYTES_STEP;
  }

  /** Stops looking; does not wait for a look under way. */
  @Override
  public void close() {
    looks.cancel(false);
    thread.shutdownNow();
  }
}
