package org.brokecluster.tests.chaos;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.tests.harness.BrokeClient;
import org.brokecluster.tests.harness.BrokeProcess;

/** One host of a {@link ChaosCluster}: its process, which may die, and what stays of it. */
final class ChaosHost {
  private final String name;
  private final Path dir;
  private final List<String> command;
  private final PortProxy proxy;
  private final BrokeClient edge;
  private BrokeProcess process;

  ChaosHost(String name, Path dir, List<String> command, PortProxy proxy, BrokeClient edge) {
    this.name = name;
    this.dir = dir;
    this.command = new ArrayList<>(command);
    this.proxy = proxy;
    this.edge = edge;
    this.process = BrokeProcess.start(name, dir, command);
    proxy.open();
  }

  String name() {
    return name;
  }

  BrokeClient edge() {
    return edge;
  }

  BrokeProcess process() {
    return process;
  }

  /** Where it keeps what it keeps. */
  Path dataDir() {
    return dir.resolve(name);
  }

  /** Kills it, as a power cut does: those who ask its machine are refused. */
  void kill() {
    process.killHard();
    proxy.close();
  }

  /** Starts it again as it was started. */
  void restart() {
    process = BrokeProcess.start(name, dir, command);
    proxy.open();
  }

  void close() {
    process.close();
    proxy.close();
  }
}
