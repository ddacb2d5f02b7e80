package org.brokecluster.node;

import akka.actor.Cancellable;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.shared.config.SettingsReader;
import org.brokecluster.shared.host.Host;
import org.brokecluster.shared.host.HostSettings;
import org.brokecluster.shared.host.Membership;
import org.brokecluster.shared.host.Part;
import org.brokecluster.shared.host.StartException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The part of a host that runs models. */
public final class NodePart implements Part {
  private static final Logger LOG = LoggerFactory.getLogger(NodePart.class);
  private static final int ORDER = 20;

  /** Name of the node's actor in every membership. */
  private static final String ACTOR = "node";

  /** How long an answer may take beyond the drain limit before the host goes on without it. */
  private static final Duration ANSWER_MARGIN = Duration.ofSeconds(1);

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
    return start(host, settings, machine, probe(runtimeSettings.hardware()), ledger, runtimes);
  }

  /** Attaches what runs here already, and says so. */
  private static NodeRuntimeSettings detected(NodeRuntimeSettings settings) {
    var found = new RuntimeDetection().look();
    found.forEach(server -> LOG.info("found and attached: {} ({})", server.label(), server.spec()));
    return settings.attaching(
        found.stream().map(server -> RuntimeSpec.parse(server.spec())).toList());
  }

  /** A machine that only pretends to be another one has no heat and no battery. */
  private static MachineProbe probe(HardwareSettings assumed) {
    return assumed.chip().isPresent() && assumed.memoryBytes().isPresent()
        ? MachineProbe.NONE
        : MachineProbes.ofThisSystem();
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
    var watch = MachineWatch.start(probe, settings.machineInterval());
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
    return new RunningNode(context, keeper, List.of(scans, unloads, looks));
  }

  private static void warnIfEmpty(ModelPool pool) {
    if (pool.models().isEmpty()) {
      LOG.warn(
          "this node has no models: install mlx-lm and a model (see \"Your models\" in the README),"
              + " or attach a server with --runtime");
    }
  }

  /** What {@link #start} began. Called from the host's own thread only. */
  private static final class RunningNode implements Running {
    private final NodeContext context;
    private final SpeedKeeper keeper;
    private final List<Cancellable> timers;
    private @Nullable ActorRef<NodeProtocol.Command> actor;
    private @Nullable ActorSystem<?> system;

    private RunningNode(NodeContext context, SpeedKeeper keeper, List<Cancellable> timers) {
      this.context = context;
      this.keeper = keeper;
      this.timers = timers;
    }

    @Override
    public void join(Membership membership) {
      actor = membership.spawn(NodeActor.create(context, membership.gossip()), ACTOR);
      system = membership.system();
    }

    @Override
    public CompletionStage<Void> drain() {
      var node = actor;
      var members = system;
      if (node == null || members == null || members.whenTerminated().isCompleted()) {
        return CompletableFuture.completedFuture(null);
      }
      var limit = context.settings().drainLimit().plus(ANSWER_MARGIN);
      return AskPattern.<NodeProtocol.Command, NodeProtocol.Done>ask(
              node, NodeActor.StopWork::new, limit, members.scheduler())
          .thenAccept(done -> LOG.info("drained: {}", done.message()));
    }

    @Override
    public CompletionStage<Void> stop() {
      timers.forEach(Cancellable::cancel);
      context.watch().close();
      context.puller().close();
      return context.pool().close().thenCombine(keeper.close(), (closed, saved) -> null);
    }
  }
}
