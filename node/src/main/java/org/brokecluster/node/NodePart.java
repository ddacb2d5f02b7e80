package org.brokecluster.node;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.brokecluster.node.away.SleepSource;
import org.brokecluster.node.away.SleepSources;
import org.brokecluster.node.detect.RuntimeDetection;
import org.brokecluster.node.drill.DrillSettings;
import org.brokecluster.node.hardware.HardwareSettings;
import org.brokecluster.node.hardware.MachineProbe;
import org.brokecluster.node.hardware.MachineProbes;
import org.brokecluster.node.hardware.MachineWatch;
import org.brokecluster.node.hardware.OshiHardwareProbe;
import org.brokecluster.node.memory.MemoryLedger;
import org.brokecluster.node.memory.MemoryLimit;
import org.brokecluster.node.models.ModelPool;
import org.brokecluster.node.models.SpeedBook;
import org.brokecluster.node.models.SpeedKeeper;
import org.brokecluster.node.pull.Puller;
import org.brokecluster.node.runtime.ModelRuntime;
import org.brokecluster.node.runtime.NodeRuntimeSettings;
import org.brokecluster.node.runtime.RuntimePlace;
import org.brokecluster.node.runtime.Runtimes;
import org.brokecluster.node.runtime.openai.RuntimeSpec;
import org.brokecluster.protocol.model.MachineKind;
import org.brokecluster.shared.config.SettingsReader;
import org.brokecluster.shared.host.Host;
import org.brokecluster.shared.host.HostSettings;
import org.brokecluster.shared.host.Part;
import org.brokecluster.shared.host.StartException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The part of a host that runs models. */
public final class NodePart implements Part {
  private static final Logger LOG = LoggerFactory.getLogger(NodePart.class);
  private static final int ORDER = 20;

  /** How often it is looked whether a model has been idle for too long. */
  private static final Duration IDLE_LOOK = Duration.ofSeconds(1);

  @Override
  public String name() {
    return "node";
  }

  @Override
  public int order() {
    return ORDER;
  }

  @Override
  public boolean wanted(HostSettings settings) {
    return settings.has(HostSettings.NODE);
  }

  @Override
  public void check(SettingsReader reader) {
    NodeSettings.from(reader);
    DrillSettings.from(reader);
    NodeRuntimeSettings.read(reader);
  }

  @Override
  public Running start(Host host) throws StartException {
    var reader = new SettingsReader(host.config());
    var settings = NodeSettings.from(reader);
    var written = NodeRuntimeSettings.read(reader);
    if (!reader.problems().isEmpty()) {
      throw new StartException(String.join("\n", reader.problems()));
    }
    var runtimeSettings = written.wantsDetection() ? detected(written) : written;
    var hardware = new OshiHardwareProbe(runtimeSettings.hardware()).probe();
    var limit =
        MemoryLimit.of(
            hardware.memoryBytes(), hardware.workingSetBytes(), runtimeSettings.memory());
    var ledger = new MemoryLedger(limit);
    var place =
        new RuntimePlace(
            hardware, System.getenv(), host.settings().dataDir(), host.metrics(), ledger);
    var runtimes = runtimes(runtimeSettings, place);
    boolean simulated =
        runtimeSettings.simulated().enabled() && runtimeSettings.attached().isEmpty();
    var machine =
        new Machine(
            new MachineKind(
                hardware.chip().name(),
                hardware.memoryBytes(),
                simulated ? runtimeSettings.simulated().timeScale() : null),
            simulated);
    var pretended = pretends(runtimeSettings.hardware());
    var probe = pretended ? MachineProbe.NONE : MachineProbes.ofThisSystem();
    var sleep = pretended ? SleepSource.NONE : SleepSources.ofThisSystem();
    return start(host, settings, machine, probe, sleep, ledger, runtimes);
  }

  /** Attaches what runs here already, and says so. */
  private static NodeRuntimeSettings detected(NodeRuntimeSettings settings) {
    var found = new RuntimeDetection().look();
    found.forEach(server -> LOG.info("found and attached: {} ({})", server.label(), server.spec()));
    return settings.attaching(
        found.stream().map(server -> RuntimeSpec.parse(server.spec())).toList());
  }

  /** A machine that only pretends to be another one has no heat, no battery, and no lid. */
  private static boolean pretends(HardwareSettings assumed) {
    return assumed.chip().isPresent() && assumed.memoryBytes().isPresent();
  }

  private static List<ModelRuntime> runtimes(NodeRuntimeSettings settings, RuntimePlace place)
      throws StartException {
    try {
      return Runtimes.fromSettings(settings, place);
    } catch (IllegalArgumentException e) {
      throw new StartException("broke.node.runtimes: " + e.getMessage(), e);
    }
  }

  /** With runtimes that are there already; the part closes them. */
  static Running start(
      Host host,
      NodeSettings settings,
      Machine machine,
      MachineProbe probe,
      SleepSource sleep,
      MemoryLedger ledger,
      List<ModelRuntime> runtimes) {
    var speeds = new SpeedBook(settings.speedsMax(), () -> System.currentTimeMillis() / 1_000);
    var folder = host.settings().dataDir();
    var keeper = SpeedKeeper.start(speeds, folder, machine.kind(), settings.speedsInterval());
    var pool = new ModelPool(settings.pool(), ledger, runtimes, speeds, System::nanoTime);
    pool.rescan().thenRun(() -> warnIfEmpty(pool));
    var puller =
        new Puller(
            host.settings().name(),
            settings.pull(),
            System.getenv(),
            System::nanoTime,
            pool::rescan);
    var watch =
        MachineWatch.start(
            probe,
            settings.away().ownerLook(),
            Clock.system(ZoneId.systemDefault()),
            settings.machineInterval());
    var meters = new NodeMeters(host.metrics(), ledger);
    var drills = DrillSettings.from(new SettingsReader(host.config()));
    var name = host.settings().name();
    var context =
        new NodeContext(
            name,
            machine,
            settings,
            pool,
            watch,
            speeds,
            puller,
            meters,
            new LastingState(),
            drills,
            System::nanoTime);
    var system = host.system();
    var scans =
        system
            .scheduler()
            .scheduleWithFixedDelay(
                Duration.ZERO,
                settings.pool().rescanInterval(),
                pool::rescan,
                system.executionContext());
    var unloads =
        system
            .scheduler()
            .scheduleWithFixedDelay(
                IDLE_LOOK, IDLE_LOOK, pool::unloadIdle, system.executionContext());
    var looks =
        system
            .scheduler()
            .scheduleWithFixedDelay(
                settings.machineInterval(),
                settings.machineInterval(),
                () -> pool.keepTo(watch.load()),
                system.executionContext());
    return new RunningNode(
        context,
        keeper,
        List.of(scans, unloads, looks),
        sleep,
        (delay, task) -> system.scheduler().scheduleOnce(delay, task, system.executionContext()));
  }

  private static void warnIfEmpty(ModelPool pool) {
    if (pool.models().isEmpty()) {
      LOG.warn(
          "this node has no models: install mlx-lm and a model (see \"Your models\" in the README),"
              + " or attach a server with --runtime");
    }
  }
}
