package org.brokecluster.coordinator.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.brokecluster.coordinator.cli.client.ClusterGlance;
import org.brokecluster.coordinator.cli.look.NodesTable;
import org.brokecluster.shared.cli.VerbException;
import org.brokecluster.shared.host.DataFolderLock;
import org.brokecluster.shared.host.EdgeAddress;
import org.brokecluster.shared.host.PortProbe;
import org.brokecluster.shared.host.StartException;

/**
 * Runs the demo from start to stop in the calling thread. Every process is told to end when this
 * one does: by signal at an orderly end, by its closing pipe at any other.
 */
final class Demo {
  private static final Duration START_MAX = Duration.ofMinutes(5);
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);
  private static final Duration REPORT_EVERY = Duration.ofSeconds(3);
  private static final Duration ORDERLY_END_MAX = Duration.ofMillis(8500);
  private static final Duration KILL_MAX = Duration.ofSeconds(1);

  private final DemoSettings settings;
  private final PrintWriter out;
  private final ClusterGlance glance;
  private final List<HostChild> children = new ArrayList<>();
  private final BlockingQueue<HostChild> ended = new LinkedBlockingQueue<>();
  private final AtomicBoolean stopping = new AtomicBoolean();

  Demo(DemoSettings settings, PrintWriter out) {
    this.settings = settings;
    this.out = out;
    this.glance = new ClusterGlance(settings.url(), settings.apiKey());
  }

  /**
   * Blocks until the demo is over; ends by an exception, or with the JVM.
   *
   * @throws VerbException with what went wrong
   */
  void run() throws InterruptedException, StartException, IOException {
    var refusal = new PortProbe("127.0.0.1", settings.port()).refusal("demo");
    if (refusal.isPresent()) {
      throw VerbException.failed(refusal.get());
    }
    var lock = DataFolderLock.take(settings.dataDir());
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "demo-stop"));
    try {
      startAll();
      var look = awaitComplete();
      new EdgeAddress(settings.url(), ProcessHandle.current().pid()).writeTo(settings.dataDir());
      var table = glance.nodes().map(NodesTable::render).orElse("");
      say(DemoText.welcome(settings, children, table, look));
      watch();
    } finally {
      stop();
      lock.close();
    }
  }

  private void startAll() throws IOException {
    for (var plan : HostPlan.all(settings, freePort())) {
      var child = HostChild.start(plan, settings.dataDir().resolve(plan.name()));
      synchronized (children) {
        children.add(child);
      }
      var unused = child.ended().thenAccept(ended::add);
      say("starting %-11s process %d".formatted(plan.name(), child.pid()));
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private ClusterGlance.Look awaitComplete() throws InterruptedException {
    long started = System.nanoTime();
    long reported = started;
    while (true) {
      var dead = ended.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
      if (dead != null) {
        throw failedStart(dead);
      }
      var look = glance.look();
      if (look.complete(HostPlan.MACS)) {
        return look;
      }
      long now = System.nanoTime();
      var awaited = DemoText.awaited(look, TimeUnit.NANOSECONDS.toSeconds(now - started));
      if (now - started > START_MAX.toNanos()) {
        throw VerbException.failed(
            "the demo did not come up: still "
                + awaited
                + ". Logs: "
                + settings.dataDir()
                + "/NAME/log/broke.log");
      }
      if (now - reported > REPORT_EVERY.toNanos()) {
        reported = now;
        say(awaited);
      }
    }
  }

  private VerbException failedStart(HostChild dead) {
    return VerbException.failed(
        "the demo cannot start: " + dead.ending() + "\n  " + String.join("\n  ", dead.lastLines()));
  }

  /** Reports processes that end; the loss of a Mac is part of the show. */
  private void watch() throws InterruptedException {
    while (true) {
      var dead = ended.take();
      if (stopping.get()) {
        return;
      }
      if (dead.name().equals(HostPlan.COORDINATOR)) {
        throw VerbException.failed(
            dead.ending()
                + "\n  It was the only coordinator, so there is nobody left to decide: the demo"
                + " ends. (Three coordinators outlive the loss of one.)");
      }
      say(dead.ending() + "\n  The demo goes on without it: ./broke nodes, ./broke chat");
    }
  }

  /** Ends every process within 10 s; harmless when called again. */
  private void stop() {
    if (!stopping.compareAndSet(false, true)) {
      return;
    }
    List<HostChild> all;
    synchronized (children) {
      all = List.copyOf(children);
    }
    if (all.stream().noneMatch(child -> child.process().isAlive())) {
      return;
    }
    say("stopping");
    all.forEach(HostChild::askToEnd);
    if (!allEnded(all, ORDERLY_END_MAX)) {
      all.forEach(HostChild::kill);
      allEnded(all, KILL_MAX);
    }
    forgetAddress();
    say("stopped");
  }

  private static boolean allEnded(List<HostChild> all, Duration max) {
    var ends = all.stream().map(HostChild::ended).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(ends).get(max.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void forgetAddress() {
    try {
      EdgeAddress.removeFrom(settings.dataDir());
    } catch (IOException e) {
      say("cannot remove the address file in " + settings.dataDir() + ": " + e.getMessage());
    }
  }

  private void say(String text) {
    out.println(text);
    out.flush();
  }
}
