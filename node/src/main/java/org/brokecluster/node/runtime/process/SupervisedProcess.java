package org.brokecluster.node.runtime.process;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.brokecluster.node.runtime.process.ProcessLife.Ending;
import org.brokecluster.node.runtime.process.ProcessLife.Signs;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what {@link ProcessLife} decides about one process. Everything but the public methods
 * happens on the thread of the {@link ProcessHost}, which never blocks.
 */
final class SupervisedProcess {
  private static final Logger LOG = LoggerFactory.getLogger(SupervisedProcess.class);
  private static final int TICKS_PER_REFRESH = 60;
  private static final long SLEPT_MILLIS = 3_000;

  /** Whoever uses the process. Called on the host's thread; never blocks. */
  interface User {
    /** Completes when the server there has made a token; fails with why not. */
    CompletionStage<Void> prove(URI address);

    /** Requests that run, and when the server last gave a sign of life. */
    Activity activity();

    /** The process is somewhere else now. */
    void moved(ProcessState state, @Nullable String reason, @Nullable URI address);
  }

  /**
   * What a server is doing.
   *
   * @param running requests it works on
   * @param lastLife when something last came from it or went to it, in nanoseconds
   * @param doubted whether answers broke off or were waited for in vain, with no sign of life since
   */
  record Activity(int running, long lastLife, boolean doubted) {}

  private final String name;
  private final IntFunction<Launch> launch;
  private final ProcessHost host;
  private final User user;
  private final ProcessLife life;
  private @Nullable RunningProcess process;
  private @Nullable ScheduledFuture<?> ticks;
  private ProcessState published = ProcessState.IDLE;
  private boolean ending;
  private boolean looking;
  private int tickCount;
  private long wallMillis;
  private long monotonicMillis;
  private volatile Duration grace;
  private volatile long pid;

  /**
   * A process that does not run yet.
   *
   * @param name of the model, for messages
   * @param launch makes the command for a port
   */
  SupervisedProcess(String name, IntFunction<Launch> launch, ProcessHost host, User user) {
    this.name = name;
    this.launch = launch;
    this.host = host;
    this.user = user;
    this.life = new ProcessLife(host.settings());
    this.grace = host.settings().stopGrace();
  }

  /** Starts it unless it runs. */
  void begin(boolean byOperator) {
    host.loop().execute(() -> act(life.begin(byOperator, host.now())));
  }

  /** Ends it; the user hears of it as {@link ProcessState#IDLE}. */
  void stop(Duration patience) {
    grace = patience;
    host.loop().execute(() -> act(life.stop()));
  }

  /** Id of the process that runs now, 0 if none does. */
  long pid() {
    return pid;
  }

  private void act(Order order) {
    switch (order) {
      case NOTHING -> {}
      case LAUNCH -> launch();
      case PROVE, PROBE -> prove();
      case END -> end();
    }
    publish();
  }

  private void publish() {
    var state = life.state();
    if (state == published) {
      return;
    }
    published = state;
    log(state);
    if (state == ProcessState.IDLE) {
      cancelTicks();
    } else if (ticks == null) {
      long pause = host.settings().tick().toNanos();
      ticks = host.loop().scheduleWithFixedDelay(this::tick, pause, pause, TimeUnit.NANOSECONDS);
    }
    var running = process;
    user.moved(state, life.reason(), running == null ? null : running.address());
  }

  private void log(ProcessState state) {
    switch (state) {
      case READY -> LOG.info("model server is ready: model={} pid={}", name, pid);
      case WAITING ->
          LOG.warn(
              "model server broke, it will be started again: model={} crashes={} reason={}",
              name,
              life.crashes(),
              life.reason());
      case OUT_OF_SERVICE ->
          LOG.error("model is out of service: model={} reason={}", name, life.reason());
      case IDLE, STARTING, PROVING, STOPPING ->
          LOG.debug("model server: model={} state={}", name, state);
    }
  }

  private void cancelTicks() {
    if (ticks != null) {
      ticks.cancel(false);
      ticks = null;
      wallMillis = 0;
    }
  }

  private void launch() {
    if (life.crashes() > 0) {
      host.restarted();
    }
    ending = false;
    CompletionStage<RunningProcess> start =
        CompletableFuture.supplyAsync(this::startNow, host.blocking());
    start.whenCompleteAsync(this::started, host.loop());
  }

  private RunningProcess startNow() {
    try {
      return RunningProcess.start(name, launch, host.register(), host.settings().outputLines());
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  private void started(@Nullable RunningProcess begun, @Nullable Throwable failure) {
    if (begun == null) {
      var cause = failure == null ? null : failure.getCause();
      var why = "it cannot be started: " + (cause == null ? failure : cause.getMessage());
      act(life.exited(new Ending(null, why), chance(), host.now()));
      return;
    }
    process = begun;
    pid = begun.pid();
    host.started();
    LOG.info("started a model server: model={} pid={} at={}", name, begun.pid(), begun.address());
    begun.onExit().whenCompleteAsync((done, error) -> exited(begun), host.loop());
    if (life.doomed()) {
      end();
    }
  }

  private void exited(RunningProcess which) {
    if (which == process) {
      end();
    }
  }

  /** Ends the process and what came from it; both ways here, ours and its own, end the same. */
  private void end() {
    var running = process;
    if (running == null || ending) {
      return;
    }
    ending = true;
    CompletionStage<Void> end =
        CompletableFuture.runAsync(() -> running.end(grace), host.blocking());
    end.whenCompleteAsync((done, error) -> gone(running, error), host.loop());
  }

  private void gone(RunningProcess which, @Nullable Throwable error) {
    if (error != null) {
      LOG.error("ending a model server failed: model={}", name, error);
    }
    process = null;
    pid = 0;
    host.ended();
    act(life.exited(which.ending(), chance(), host.now()));
  }

  private void prove() {
    var running = process;
    if (running == null) {
      return;
    }
    user.prove(running.address())
        .whenCompleteAsync((done, failure) -> proved(running, failure), host.loop());
  }

  private void proved(RunningProcess which, @Nullable Throwable failure) {
    if (which != process) {
      return;
    }
    if (failure == null) {
      which.output().serving();
      act(life.proven(host.now()));
    } else {
      var cause = failure instanceof CompletionException ? failure.getCause() : failure;
      act(life.unproven(String.valueOf(cause == null ? null : cause.getMessage()), host.now()));
    }
  }

  private void tick() {
    try {
      var running = process;
      if (running != null && life.state() == ProcessState.STARTING) {
        look(running);
      } else if (running != null && ++tickCount % TICKS_PER_REFRESH == 0) {
        host.blocking().execute(running::refresh);
      }
      act(slept() ? life.woke(host.now()) : life.tick(signs(running), host.now()));
    } catch (RuntimeException e) {
      LOG.error("looking after a model server failed, going on: model={}", name, e);
    }
  }

  /** The monotonic clock of a Mac stands still while it sleeps; the other one does not. */
  private boolean slept() {
    long wall = System.currentTimeMillis();
    long monotonic = TimeUnit.NANOSECONDS.toMillis(host.now());
    long jump = (wall - wallMillis) - (monotonic - monotonicMillis);
    boolean first = wallMillis == 0;
    wallMillis = wall;
    monotonicMillis = monotonic;
    return !first && jump > SLEPT_MILLIS;
  }

  private Signs signs(@Nullable RunningProcess running) {
    var activity = user.activity();
    var error = running == null ? null : running.output().raised();
    long errorAt = running == null ? 0 : running.output().raisedAt();
    return new Signs(activity.running(), activity.lastLife(), activity.doubted(), error, errorAt);
  }

  private void look(RunningProcess running) {
    if (running.output().portTaken()) {
      act(life.portTaken(host.now()));
      return;
    }
    if (looking) {
      return;
    }
    looking = true;
    CompletionStage<PortOwner.Holder> look =
        CompletableFuture.supplyAsync(() -> running.holder(host.ports()), host.blocking());
    look.whenCompleteAsync((holder, error) -> looked(running, holder), host.loop());
  }

  private void looked(RunningProcess which, PortOwner.@Nullable Holder holder) {
    looking = false;
    if (which != process || holder == null) {
      return;
    }
    switch (holder) {
      case OURS -> act(life.opened(host.now()));
      case OTHERS -> act(life.portTaken(host.now()));
      case NOBODY, UNKNOWN -> {}
    }
  }

  private static double chance() {
    return ThreadLocalRandom.current().nextDouble();
  }
}
