package org.brokecluster.shared.host;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.brokecluster.shared.config.ConfigProblems;
import org.brokecluster.shared.config.InvalidConfigException;
import org.brokecluster.shared.config.SettingsReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a host from start to stop: parts start in order, a membership is kept, and SIGTERM or the
 * end of a parent's pipe drains, leaves and stops within 10 s. One per JVM.
 */
public final class HostRunner {
  private static final Logger LOG = LoggerFactory.getLogger(HostRunner.class);

  private final HostSettings settings;
  private final Config config;
  private final ClusterSettings cluster;
  private final List<Part> parts;
  private final ConfigWatch watch;
  private final List<Part.Running> running = new ArrayList<>();
  private final ExecutorService files =
      Executors.newSingleThreadExecutor(task -> daemon(task, "broke-files"));
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final CountDownLatch done = new CountDownLatch(1);
  private final AtomicReference<@Nullable String> httpAddress = new AtomicReference<>();
  private @Nullable ActorSystem<?> system;
  private @Nullable MembershipKeeper keeper;
  private @Nullable WakeWatch wakes;

  private HostRunner(
      HostSettings settings,
      Config config,
      ClusterSettings cluster,
      List<Part> parts,
      ConfigWatch watch) {
    this.settings = settings;
    this.config = config;
    this.cluster = cluster;
    this.parts = parts;
    this.watch = watch;
  }

  /**
   * Starts a host and returns at once; it stops by {@link #stop} or with the JVM.
   *
   * @param config resolved configuration with all defaults
   * @param file the file to follow for changes
   * @param loader reads the configuration again
   * @throws InvalidConfigException if the configuration cannot be used, with every problem of every
   *     part
   * @throws StartException if something else that the user can mend keeps it from starting
   */
  public static HostRunner start(
      HostSettings settings, Config config, Path file, ConfigWatch.Loader loader)
      throws InvalidConfigException, StartException {
    var parts =
        ServiceLoader.load(Part.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(part -> part.wanted(settings))
            .sorted(Comparator.comparingInt(Part::order))
            .toList();
    var cluster = check(config, parts);
    var watch = new ConfigWatch(file, config, () -> checked(loader.load(), parts));
    var runner = new HostRunner(settings, config, cluster, parts, watch);
    try {
      runner.startParts();
    } catch (StartException | RuntimeException e) {
      runner.stop();
      throw e;
    }
    return runner;
  }

  private static Config checked(Config config, List<Part> parts) throws InvalidConfigException {
    check(config, parts);
    return config;
  }

  /** Lists every problem of every part. */
  private static ClusterSettings check(Config config, List<Part> parts)
      throws InvalidConfigException {
    var reader = new SettingsReader(config);
    var cluster = ClusterSettings.from(reader);
    parts.forEach(part -> part.check(reader));
    var problems = new ConfigProblems();
    problems.addAll(reader.problems());
    problems.throwIfAny("values of cluster.conf, environment and command line");
    return cluster;
  }

  private void startParts() throws StartException {
    try {
      Files.createDirectories(settings.dataDir());
    } catch (IOException e) {
      throw new StartException(
          "cannot create the data folder " + settings.dataDir() + ": " + e.getMessage(), e);
    }
    var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new JvmMemoryMetrics().bindTo(metrics);
    new ProcessorMetrics().bindTo(metrics);
    var hostConfig = ConfigFactory.parseResources("host.conf");
    for (var part : parts) {
      hostConfig = part.hostConfig(settings, config).withFallback(hostConfig);
    }
    var hostSystem =
        ActorSystem.create(Behaviors.empty(), "host", hostConfig.withFallback(config).resolve());
    system = hostSystem;
    var host =
        new Host(
            settings, config, hostSystem, metrics, httpAddress, new AtomicReference<>(null), watch);
    for (var part : parts) {
      running.add(part.start(host));
      LOG.info("part started: part={}", part.name());
    }
    hostSystem
        .scheduler()
        .scheduleWithFixedDelay(
            cluster.reloadInterval(),
            cluster.reloadInterval(),
            () -> files.execute(watch::look),
            hostSystem.executionContext());
    var memberships = new MembershipKeeper(host, cluster, running, files);
    keeper = memberships;
    daemon(memberships, "broke-membership").start();
    wakes = WakeWatch.start(slept -> woke(slept, memberships));
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "broke-shutdown"));
  }

  private void woke(Duration slept, MembershipKeeper memberships) {
    running.forEach(part -> part.woke(slept));
    memberships.woke(slept);
  }

  /** Base address of the edge, if this host has one. */
  public Optional<String> httpAddress() {
    return Optional.ofNullable(httpAddress.get());
  }

  /** Blocks until the host has stopped. */
  public void await() throws InterruptedException {
    done.await();
  }

  /** Drains, leaves the cluster and gives everything back; harmless when called again. */
  public void stop() {
    if (!stopped.compareAndSet(false, true)) {
      awaitQuietly();
      return;
    }
    LOG.info("stopping");
    if (wakes != null) {
      wakes.close();
    }
    var budget = new StopBudget(System.nanoTime());
    var backwards = new ArrayList<>(running);
    Collections.reverse(backwards);
    // All drain at once: the edge waits for answers that the node beside it is still making.
    var drains = backwards.stream().map(Part.Running::drain).toList();
    await(allOf(drains), budget.drain(cluster.drainTimeout(), System.nanoTime()), "drain");
    if (keeper != null) {
      keeper.stop(budget.leave(System.nanoTime()));
    }
    // And all stop at once: none may use up the time of the others.
    var stops = backwards.stream().map(Part.Running::stop).toList();
    await(allOf(stops), budget.parts(System.nanoTime()), "stopping the parts");
    if (system != null) {
      system.terminate();
      var end = system.getWhenTerminated();
      await(end, budget.system(System.nanoTime()), "ending the host's actor system");
    }
    files.shutdown();
    LOG.info("stopped");
    done.countDown();
  }

  private static CompletionStage<Void> allOf(List<CompletionStage<Void>> stages) {
    return CompletableFuture.allOf(
        stages.stream()
            .map(CompletionStage::toCompletableFuture)
            .toArray(CompletableFuture[]::new));
  }

  private void awaitQuietly() {
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(CompletionStage<?> stage, Duration max, String what) {
    try {
      stage.toCompletableFuture().get(Math.max(0, max.toMillis()), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warn("gave up waiting: what={} milliseconds={}", what, max.toMillis());
    } catch (ExecutionException e) {
      LOG.warn("failed: what={}", what, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Thread daemon(Runnable task, String name) {
    var thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
