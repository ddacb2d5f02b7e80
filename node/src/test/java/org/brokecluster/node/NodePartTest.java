package org.brokecluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.SpawnProtocol;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.brokecluster.node.away.SleepSource;
import org.brokecluster.node.hardware.MachineProbe;
import org.brokecluster.node.memory.MemoryLedger;
import org.brokecluster.node.memory.MemoryLimit;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.MachineKind;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.state.MachineFacts;
import org.brokecluster.protocol.state.MachineLoad;
import org.brokecluster.protocol.state.MachineLoad.Power;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.shared.config.SettingsReader;
import org.brokecluster.shared.host.ConfigWatch;
import org.brokecluster.shared.host.GossipActor;
import org.brokecluster.shared.host.Host;
import org.brokecluster.shared.host.HostSettings;
import org.brokecluster.shared.host.Membership;
import org.brokecluster.shared.host.Part;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodePartTest {
  private static final ModelId MODEL = ModelId.of("m");
  private static final Duration SOON = Soon.LIMIT;

  @TempDir private Path folder;

  private final Config config = ConfigFactory.load();
  private final ActorTestKit kit = ActorTestKit.create(config);
  private final TestProbe<GossipActor.Command> gossip =
      kit.createTestProbe(GossipActor.Command.class);

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void isFoundByEveryHostWithTheRole() {
    var part =
        ServiceLoader.load(Part.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(NodePart.class::isInstance)
            .findFirst()
            .orElseThrow();

    assertThat(part.wanted(settings("edge", "node"))).isTrue();
    assertThat(part.wanted(settings("edge", "coordinator"))).isFalse();
  }

  @Test
  void findsNoFaultInTheDefaultsAndEveryFaultInOthers() {
    var part = new NodePart();
    var defaults = new SettingsReader(config);
    part.check(defaults);
    assertThat(defaults.problems()).isEmpty();

    var wrong = "broke.node { window = 0, chip = nonsense }";
    var reader = new SettingsReader(ConfigFactory.parseString(wrong).withFallback(config));
    part.check(reader);
    assertThat(reader.problems()).hasSize(2);
  }

  @Test
  void loadedModelsOutliveAMembership() {
    var runtime = new ScriptedRuntime("scripted").with(MODEL, ModelState.DISK, 1);
    var running = start(runtime);
    var first = ActorSystem.create(SpawnProtocol.create(), "first", config);
    running.join(new Membership(first, gossip.getRef()));
    load(node());
    first.terminate();

    var second = ActorSystem.create(SpawnProtocol.create(), "second", config);
    running.join(new Membership(second, gossip.getRef()));
    node();
    var load = gossip.expectMessageClass(GossipActor.LoadIs.class);

    assertThat(load.models()).allMatch(model -> model.state() == ModelState.LOADED);
    assertThat(runtime.loads).hasValue(1);
    assertThat(runtime.unloads).hasValue(0);
    assertThat(running.drain().toCompletableFuture()).succeedsWithin(SOON);
    second.terminate();
    assertThat(running.stop().toCompletableFuture()).succeedsWithin(SOON);
    assertThat(runtime.closed).isTrue();
  }

  @Test
  void drainsAtOnceWhereThereIsNoMembership() {
    var running = start(new ScriptedRuntime("scripted"));

    assertThat(running.drain().toCompletableFuture()).isCompleted();
    assertThat(running.stop().toCompletableFuture()).succeedsWithin(SOON);
  }

  @Test
  void tellsTheOthersWhatTheMachineIsAndHowItIs() {
    var facts = new MachineFacts("macOS 26.6.2", "Mac14,6", 8, 4, 38, 24L << 30, true);
    var load = new MachineLoad(null, null, null, Power.BATTERY, 78, null, null, null);
    var running = start(new ScriptedRuntime("scripted"), new FixedProbe(facts, load));
    var system = ActorSystem.create(SpawnProtocol.create(), "told", config);
    running.join(new Membership(system, gossip.getRef()));

    gossip.fishForMessage(
        SOON,
        message ->
            message instanceof GossipActor.NodeIs is && facts.equals(is.machine())
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
    gossip.fishForMessage(
        SOON,
        message ->
            message instanceof GossipActor.LoadIs is && load.equals(is.machine())
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
    system.terminate();
    assertThat(running.stop().toCompletableFuture()).succeedsWithin(SOON);
  }

  private record FixedProbe(MachineFacts facts, MachineLoad load) implements MachineProbe {}

  private Part.Running start(ScriptedRuntime runtime) {
    return start(runtime, MachineProbe.NONE);
  }

  private Part.Running start(ScriptedRuntime runtime, MachineProbe probe) {
    var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var host =
        new Host(
            settings("node"),
            config,
            kit.system(),
            metrics,
            new AtomicReference<>(null),
            new AtomicReference<>(null),
            new ConfigWatch(Path.of("no-such-file"), config, () -> config));
    var machine = new Machine(new MachineKind("M1", 16L << 30, null), false);
    var settings = NodeSettings.from(new SettingsReader(config));
    var ledger = new MemoryLedger(new MemoryLimit(16L << 30, 10L << 30));
    return NodePart.start(
        host, settings, machine, probe, SleepSource.NONE, ledger, List.of(runtime));
  }

  /** The node of the latest membership, once it has told what it has. */
  private ActorRef<NodeProtocol.Command> node() {
    while (true) {
      var message = gossip.receiveMessage();
      if (message instanceof GossipActor.NodeIs node
          && node.models().stream().map(ModelFacts::id).toList().contains(MODEL)) {
        return node.node();
      }
    }
  }

  private void load(ActorRef<NodeProtocol.Command> node) {
    var done = kit.createTestProbe(NodeProtocol.Done.class);
    node.tell(
        new NodeProtocol.ModelCommand(MODEL, NodeProtocol.ModelAction.LOAD, 0, done.getRef()));
    assertThat(done.receiveMessage().accepted()).isTrue();
  }

  private HostSettings settings(String... roles) {
    return new HostSettings(
        NodeId.of("mini"),
        Set.of(roles),
        folder,
        "127.0.0.1",
        0,
        "127.0.0.1",
        0,
        0,
        List.of(),
        List.of());
  }
}
