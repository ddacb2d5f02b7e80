package org.brokecluster.shared.serialization;

import akka.actor.typed.ActorRef;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.SharedSpeed;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.state.HistorySite;
import org.brokecluster.protocol.state.LearningStatus;
import org.brokecluster.protocol.state.MachineFacts;
import org.brokecluster.protocol.state.MachineLoad;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.protocol.state.ModelLoad;
import org.brokecluster.protocol.state.NodeFacts;
import org.brokecluster.protocol.state.NodeLoad;
import org.brokecluster.protocol.state.PromiseFigures;
import org.brokecluster.protocol.state.QueueStatus;
import org.brokecluster.protocol.state.RouterStatus;

/** What members and the router gossip, in full. */
final class StateSamples {
  private StateSamples() {}

  static NodeFacts nodeFacts(ActorRef<NodeProtocol.Command> node, int models) {
    return new NodeFacts(
        NodeFacts.PROTOCOL_VERSION,
        MessageSamples.NODE,
        Long.MIN_VALUE,
        node,
        12345,
        "127.0.0.1:25520",
        "http://127.0.0.1:8000",
        List.of("edge", "node"),
        false,
        "Apple M2 Ultra",
        64L << 30,
        "0.1.0",
        IntStream.range(0, models).mapToObj(StateSamples::modelFacts).toList(),
        0,
        new MachineFacts("macOS 15.6.1", "Mac15,14", 24, 8, 60, 48L << 30, true));
  }

  private static ModelFacts modelFacts(int number) {
    return new ModelFacts(
        ModelId.of(MessageSamples.MODEL + "-" + number),
        Tier.BALANCED,
        "openai",
        false,
        30_500_000_000L,
        "4bit",
        17_000_000_000L,
        number == 0 ? null : 131_072,
        4,
        EnumSet.allOf(Ability.class),
        number == 0 ? null : 21_000_000_000L);
  }

  static NodeLoad nodeLoad(int tickets, int models) {
    return new NodeLoad(
        NodeFacts.PROTOCOL_VERSION,
        MessageSamples.NODE,
        Long.MIN_VALUE,
        1_000_000,
        123,
        1_000_000,
        LongStream.range(1_000_000 - tickets, 1_000_000).boxed().toList(),
        40L << 30,
        true,
        false,
        IntStream.range(0, models).mapToObj(StateSamples::modelLoad).toList(),
        new MachineLoad(
            MachineLoad.Pressure.CRITICAL,
            40L << 30,
            null,
            MachineLoad.Power.BATTERY,
            77,
            MachineLoad.Thermal.SERIOUS,
            62,
            17),
        "its owner is at work on it");
  }

  private static ModelLoad modelLoad(int number) {
    boolean loading = number == 0;
    return new ModelLoad(
        ModelId.of(MessageSamples.MODEL + "-" + number),
        loading ? ModelState.LOADING : ModelState.LOADED,
        loading ? 0.3333333 : null,
        null,
        4,
        4,
        true,
        new Speed(
            1234.5678,
            56.789,
            12.345,
            true,
            4321,
            1_790_000_000L,
            List.of(new SharedSpeed(2, 40.5f), new SharedSpeed(4, 25.25f), new SharedSpeed(8, 9))));
  }

  static RouterStatus routerStatus() {
    return new RouterStatus(
        NodeFacts.PROTOCOL_VERSION,
        3,
        9,
        MessageSamples.NODE,
        "balanced",
        List.of("balanced"),
        Map.of("auto", 2),
        Map.of(MessageSamples.NODE, 3),
        "ok",
        0,
        0,
        new QueueStatus(
            100,
            20,
            Map.of("interactive", 2),
            Map.of(MessageSamples.NODE.value(), 2),
            4_000,
            -3,
            17,
            1,
            42),
        new HistorySite(true, "jdbc:postgresql://db.local/broke", "does not answer"),
        new LearningStatus(
            new PromiseFigures(
                0.8,
                new PromiseFigures.Phase(12, 0.75, 0.125, 0.5),
                null,
                new PromiseFigures.Waiting(5, 0.25, 0.5)),
            7));
  }
}
