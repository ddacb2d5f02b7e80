package org.brokecluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.brokecluster.node.drill.DrillSettings;
import org.brokecluster.node.hardware.MachineProbe;
import org.brokecluster.node.hardware.MachineWatch;
import org.brokecluster.node.memory.MemoryLedger;
import org.brokecluster.node.memory.MemoryLimit;
import org.brokecluster.node.models.ModelPool;
import org.brokecluster.node.models.SpeedBook;
import org.brokecluster.node.pull.Puller;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.model.MachineKind;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptProtocol;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.RouterProtocol;
import org.brokecluster.shared.config.SettingsReader;
import org.brokecluster.shared.host.GossipActor;

/** A node's actor with a scripted runtime, manual time, and probes in place of the others. */
final class NodeBench implements AutoCloseable {
  static final NodeId NODE = NodeId.of("mini");
  static final ModelId MODEL = ModelId.of("m");
  static final ModelId COLD = ModelId.of("on-disk");
  static final MachineKind KIND = new MachineKind("M1", 16L << 30, null);
  static final Usage USAGE = new Usage(100, 2, 0);

  private static final Duration STEP = Duration.ofMillis(250);

  /** Shorter limits than the product's: each step of manual time costs 100 ms of real time. */
  private static final Config LIMITS =
      ConfigFactory.parseString(
          """
          broke.node {
            edge-silence = 1s
            drain-limit = 1s
            prompt-timeout = 2s
            ack-timeout = 2s
            runtime-silence = 5s
          }
          """);

  private static final Config CONFIG =
      LIMITS.withFallback(ManualTime.config()).withFallback(ConfigFactory.load());

  final ActorTestKit kit = ActorTestKit.create(CONFIG);
  final ScriptedRuntime runtime =
      new ScriptedRuntime("scripted")
          .with(MODEL, ModelState.LOADED, 1)
          .with(COLD, ModelState.DISK, 2);
  final NodeSettings settings = NodeSettings.from(new SettingsReader(CONFIG));
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final LastingState lasting = new LastingState();
  final TestProbe<EdgeProtocol.Command> edge = kit.createTestProbe(EdgeProtocol.Command.class);
  final TestProbe<RouterProtocol.Command> router =
      kit.createTestProbe(RouterProtocol.Command.class);
  final TestProbe<GossipActor.Command> gossip = kit.createTestProbe(GossipActor.Command.class);
  final TestProbe<NodeProtocol.Done> done = kit.createTestProbe(NodeProtocol.Done.class);
  private final AtomicLong nanos = new AtomicLong(1L << 40);
  private final LongSupplier clock = nanos::get;
  final SpeedBook speeds = new SpeedBook(10, () -> 1_790_000_000L);
  final ModelPool pool =
      new ModelPool(
          settings.pool(),
          new MemoryLedger(new MemoryLimit(12L << 30, 12L << 30)),
          List.of(runtime),
          speeds,
          clock);
  private final MachineWatch watch = MachineWatch.start(MachineProbe.NONE, Duration.ofHours(1));
  private final Puller puller = new Puller(NODE, settings.pull(), Map.of(), clock, () -> {});
  private final NodeMeters nodeMeters =
      new NodeMeters(meters, new MemoryLedger(new MemoryLimit(0, 0)));
  final ActorRef<NodeProtocol.Command> node;
  private long number;

  NodeBench() {
    pool.rescan();
    node = spawn();
    gossip.expectMessageClass(GossipActor.NodeIs.class);
  }

  /** A further membership's node over the same host. */
  ActorRef<NodeProtocol.Command> spawn() {
    var context =
        new NodeContext(
            NODE,
            new Machine(KIND, true),
            settings,
            pool,
            watch,
            speeds,
            puller,
            nodeMeters,
            lasting,
            new DrillSettings("auto", Duration.ofMinutes(1), 1_000),
            clock);
    return kit.spawn(NodeActor.create(context, gossip.getRef()));
  }

  /** Lets time pass for timers and clock alike, in steps that the node keeps up with. */
  void pass(Duration time) {
    for (var left = time; !left.isZero(); left = left.minus(STEP)) {
      nanos.addAndGet(STEP.toNanos());
      ManualTime.get(kit.system()).timePasses(STEP);
      sync();
    }
  }

  /** The clock goes on while nobody gets to run. */
  void sleep(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  /** Waits until the node has handled everything sent to it so far. */
  void sync() {
    var unknown = ModelId.of("nobody-has-this");
    node.tell(
        new NodeProtocol.ModelCommand(unknown, NodeProtocol.ModelAction.UNPIN, 0, done.getRef()));
    assertThat(done.receiveMessage().accepted()).isFalse();
  }

  static AttemptId attempt(String request) {
    return new AttemptId(RequestId.of(request), 1);
  }

  NodeProtocol.Ticket ticket(String request) {
    return ticket(request, 1, ++number, MODEL, 2);
  }

  NodeProtocol.Ticket ticket(
      String request, long term, long ticketNumber, ModelId model, long promptBytes) {
    var placement = new Placement(model, NODE, Tier.BASIC, "test", 0, "prior", 1, 2, 3);
    return new NodeProtocol.Ticket(
        attempt(request),
        term,
        ticketNumber,
        Api.CHAT,
        placement,
        promptBytes,
        10,
        edge.getRef(),
        router.getRef());
  }

  /** Sends a ticket of one slot and hands over a prompt of two bytes, up to the runtime's start. */
  ScriptedRuntime.Answer begin(String request) {
    int before = runtime.answers().size();
    node.tell(ticket(request));
    prompt(next(EdgeProtocol.Ready.class));
    next(EdgeProtocol.Progress.class);
    return answer(before);
  }

  /** Waits for the runtime's answer of this index, from 0. */
  ScriptedRuntime.Answer answer(int index) {
    return edge.awaitAssert(
        () -> {
          assertThat(runtime.answers()).hasSizeGreaterThan(index);
          assertThat(runtime.answers().get(index).requested.get()).isPositive();
          return runtime.answers().get(index);
        });
  }

  void prompt(EdgeProtocol.Ready ready) {
    prompt(ready, "{}".getBytes(StandardCharsets.UTF_8));
  }

  /** Sends a prompt in pieces, as far ahead as the credit allows. */
  void prompt(EdgeProtocol.Ready ready, byte[] body) {
    int allowed = ready.promptCredit();
    int sequence = 0;
    for (int from = 0; from < body.length; from += AttemptProtocol.PIECE_MAX) {
      if (sequence == allowed) {
        allowed = next(EdgeProtocol.PromptCredit.class).sequence();
      }
      int to = Math.min(body.length, from + AttemptProtocol.PIECE_MAX);
      ready
          .to()
          .tell(
              new AttemptProtocol.PromptPiece(
                  ready.attempt(),
                  ++sequence,
                  AttemptProtocol.PromptPart.BODY,
                  Arrays.copyOfRange(body, from, to),
                  to == body.length,
                  null));
    }
  }

  /** The edge's next message of a kind; beats and others before it are passed over. */
  <T extends EdgeProtocol.Command> T next(Class<T> type) {
    return skipTo(edge, type);
  }

  <T extends RouterProtocol.Command> T nextAtRouter(Class<T> type) {
    return skipTo(router, type);
  }

  <T extends GossipActor.Command> T nextGossip(Class<T> type) {
    return skipTo(gossip, type);
  }

  private static <M, T extends M> T skipTo(TestProbe<M> probe, Class<T> type) {
    while (true) {
      var message = probe.receiveMessage();
      if (type.isInstance(message)) {
        return type.cast(message);
      }
    }
  }

  double count(String name, String... tags) {
    return meters.get(name).tags(tags).counter().count();
  }

  double gauge(String name) {
    return meters.get(name).gauge().value();
  }

  @Override
  public void close() {
    watch.close();
    kit.shutdownTestKit();
  }
}
