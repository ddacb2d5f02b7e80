package org.brokecluster.shared.host;

import com.typesafe.config.Config;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.brokecluster.shared.config.ConfigProblems;
import org.brokecluster.shared.config.InvalidConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns this JVM into a host: checks what can be checked at once, starts it, and waits. */
public final class HostProcess {
  private static final Logger LOG = LoggerFactory.getLogger(HostProcess.class);

  private final HostOptions options;

  /** With what the command line said. */
  public HostProcess(HostOptions options) {
    this.options = options;
  }

  /**
   * Runs the host until SIGTERM, or until the parent's pipe closes.
   *
   * @throws InvalidConfigException if the configuration cannot be used, with every problem
   * @throws StartException if something else the user can mend keeps the host from starting
   * @throws InterruptedException if the waiting thread is interrupted
   */
  public void run() throws InvalidConfigException, StartException, InterruptedException {
    var config = options.loadConfig();
    var settings = settings(config);
    refuseOpenLan(settings, config);
    refuseJoinFromLoopback(settings);
    refuseTakenPorts(settings);
    var lock = DataFolderLock.take(settings.dataDir());
    var runner = HostRunner.start(settings, config, options.configFile(), options::loadConfig);
    announce(runner, settings);
    if (options.parentPipe()) {
      endWith(System.in, runner);
    }
    runner.await();
    release(lock);
  }

  private HostSettings settings(Config config) throws InvalidConfigException {
    var problems = new ConfigProblems();
    var read = new HostSettings[1];
    problems.reading(
        config, reader -> read[0] = new HostSettingsReader(reader).read(options.verb()));
    problems.throwIfAny(options.configSource());
    return read[0];
  }

  private static void refuseOpenLan(HostSettings settings, Config config) throws StartException {
    var refusal =
        LanRule.refusal(
            List.of(settings.bind(), settings.clusterBind()),
            config.getBoolean("broke.http.insecure-lan"),
            hasApiKey(config));
    if (refusal.isPresent()) {
      throw new StartException(refusal.get());
    }
  }

  private static void refuseJoinFromLoopback(HostSettings settings) throws StartException {
    var refusal = JoinRule.refusal(settings.clusterBind(), settings.join());
    if (refusal.isPresent()) {
      throw new StartException(refusal.get());
    }
  }

  private static boolean hasApiKey(Config config) {
    return !config.getStringList("broke.http.api-keys").isEmpty()
        || (config.hasPath("broke.http.api-key")
            && !config.getString("broke.http.api-key").isBlank());
  }

  private void refuseTakenPorts(HostSettings settings) throws StartException {
    for (var address : HostAddress.listening(settings.bind())) {
      var refusal = new PortProbe(address, settings.port()).refusal(options.verb().label());
      if (refusal.isPresent()) {
        throw new StartException(refusal.get());
      }
    }
    int listened = settings.listenPort() != 0 ? settings.listenPort() : settings.clusterPort();
    var cluster = new PortProbe(HostAddress.own(settings.clusterBind()), listened);
    var refusal = cluster.clusterRefusal();
    if (refusal.isPresent()) {
      throw new StartException(refusal.get());
    }
  }

  /** Leaves the address where the reading verbs find it, until the JVM ends. */
  private static void announce(HostRunner runner, HostSettings settings) {
    var reachable = runner.httpAddress();
    if (reachable.isEmpty()) {
      return;
    }
    var dataDir = settings.dataDir();
    int port = URI.create(reachable.get()).getPort();
    var url = HostAddress.url(HostAddress.local(settings.bind()), port);
    try {
      new EdgeAddress(url, ProcessHandle.current().pid()).writeTo(dataDir);
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> forgetAddress(dataDir), "broke-address"));
    } catch (IOException e) {
      LOG.warn("cannot write the address file: folder={}", dataDir, e);
    }
    if (url.equals(reachable.get())) {
      LOG.info("serving: url={}", url);
    } else {
      LOG.info("serving: url={} others={}", url, reachable.get());
    }
  }

  private static void forgetAddress(Path dataDir) {
    try {
      EdgeAddress.removeFrom(dataDir);
    } catch (IOException e) {
      LOG.warn("cannot remove the address file: folder={}", dataDir, e);
    }
  }

  private static void endWith(InputStream pipe, HostRunner runner) {
    var thread = new Thread(() -> stopAtEnd(pipe, runner), "broke-parent-pipe");
    thread.setDaemon(true);
    thread.start();
  }

  private static void stopAtEnd(InputStream pipe, HostRunner runner) {
    try {
      pipe.transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException e) {
      LOG.debug("the parent's pipe broke", e);
    }
    LOG.info("the parent is gone");
    runner.stop();
  }

  private static void release(DataFolderLock lock) {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
