package org.brokecluster.shared.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.javadsl.Adapter;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.serialization.Serializers;
import akka.serialization.jackson.JacksonCborSerializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.brokecluster.protocol.CborMessage;
import org.brokecluster.protocol.HotMessage;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.edge.KeptProtocol;
import org.brokecluster.protocol.history.ContentProtocol;
import org.brokecluster.protocol.history.HistoryProtocol;
import org.brokecluster.protocol.node.AttemptProtocol;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.router.RouterProtocol;
import org.brokecluster.protocol.router.TermProtocol;
import org.brokecluster.protocol.state.NodeFacts;
import org.brokecluster.protocol.state.NodeLoad;
import org.brokecluster.protocol.state.RouterStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Goal: no message is forgotten, and each comes out of the product's serializers as it went in. */
class MessageSerializationTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ConfigFactory.load());
  private static final MessageSamples SAMPLES =
      new MessageSamples(KIT.createTestProbe(Object.class).getRef());
  private static final Serialization SERIALIZATION =
      SerializationExtension.get(Adapter.toClassic(KIT.system()));

  /** Components whose keys are data. */
  private static final Set<String> MAPS =
      Set.of(
          "domains",
          "queuedByModel",
          "ticketsByNode",
          "waitingByClass",
          "waitingByNode",
          "redactions");

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  static List<Object> samples() {
    return SAMPLES.all();
  }

  @Test
  void everyMessageHasASample() {
    var sampled = samples().stream().map(Object::getClass).collect(Collectors.toSet());
    var permitted =
        Stream.of(
                EdgeProtocol.Command.class,
                NodeProtocol.Command.class,
                RouterProtocol.Command.class,
                TermProtocol.Command.class,
                KeptProtocol.Command.class,
                KeptProtocol.Reply.class,
                HistoryProtocol.Query.class,
                ContentProtocol.Command.class)
            .flatMap(protocol -> Stream.of(protocol.getPermittedSubclasses()))
            .filter(type -> !type.isInterface());
    var nested =
        Stream.of(
                EdgeProtocol.class,
                NodeProtocol.class,
                AttemptProtocol.class,
                RouterProtocol.class,
                TermProtocol.class,
                KeptProtocol.class,
                HistoryProtocol.class,
                ContentProtocol.class)
            .flatMap(protocol -> Stream.of(protocol.getDeclaredClasses()))
            .filter(type -> type.isRecord() && isMessage(type));
    var state = Stream.of(NodeFacts.class, NodeLoad.class, RouterStatus.class);

    var expected = Stream.of(permitted, nested, state).flatMap(each -> each).distinct().toList();

    assertThat(expected).hasSizeGreaterThan(30).allMatch(MessageSerializationTest::isMessage);
    assertThat(sampled).containsAll(expected);
  }

  private static boolean isMessage(Class<?> type) {
    return CborMessage.class.isAssignableFrom(type) || HotMessage.class.isAssignableFrom(type);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void survivesTheWire(Object message) throws IOException {
    var serializer = SERIALIZATION.findSerializerFor(message);
    var manifest = Serializers.manifestFor(serializer, message);

    var read = SERIALIZATION.deserialize(bytes(message), serializer.identifier(), manifest).get();

    assertThat(read).isEqualTo(message);
    assertThat(serializer)
        .isInstanceOf(
            message instanceof HotMessage
                ? HotMessageSerializer.class
                : JacksonCborSerializer.class);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void ignoresFieldsItDoesNotKnow(Object message) throws IOException {
    if (message instanceof HotMessage) {
      return; // The token path has fixed fields; a new form gets a new entry.
    }
    var mapper = new CBORMapper();
    var tree = mapper.readTree(bytes(message));
    addUnknownFields(tree);

    var serializer = SERIALIZATION.findSerializerFor(message);
    var manifest = Serializers.manifestFor(serializer, message);
    var altered = mapper.writeValueAsBytes(tree);

    var read = SERIALIZATION.deserialize(altered, serializer.identifier(), manifest).get();

    assertThat(read).isEqualTo(message);
  }

  private static void addUnknownFields(JsonNode tree) {
    if (tree instanceof ObjectNode object) {
      object.properties().stream()
          .filter(field -> !MAPS.contains(field.getKey()))
          .forEach(field -> addUnknownFields(field.getValue()));
      object.putObject("fromTheFuture").put("x", 1);
    } else if (tree instanceof ArrayNode array) {
      array.forEach(MessageSerializationTest::addUnknownFields);
      if (isRecord(array)) {
        array.addObject().put("x", 1);
      }
    }
  }

  /** Some records are written as arrays, or ten models would not fit into 2 KiB. */
  private static boolean isRecord(ArrayNode array) {
    boolean speed = array.size() == 7 && array.get(0).isDouble() && array.get(3).isBoolean();
    boolean machine = array.size() == 8 && array.get(0).isTextual() && array.get(6).isInt();
    boolean model = array.size() == 8 && array.get(0).isTextual() && array.get(6).isBoolean();
    return speed || machine || model;
  }

  @Test
  void keepsWithinTheSizesOfTheDesign() {
    assertThat(bytes(MessageSamples.oneToken())).hasSizeLessThanOrEqualTo(60);
    var submit =
        new RouterProtocol.Submit(
            MessageSamples.ATTEMPT,
            MessageSamples.fullFacts(),
            1,
            1,
            List.of(),
            null,
            KIT.createTestProbe(EdgeProtocol.Command.class).getRef());
    assertThat(bytes(submit)).hasSizeLessThanOrEqualTo(8 * 1024);
    assertThat(bytes(StateSamples.nodeLoad(64, 10))).hasSizeLessThanOrEqualTo(2 * 1024);
    assertThat(bytes(SAMPLES.nodeFacts(50))).hasSizeLessThanOrEqualTo(32 * 1024);
  }

  @Test
  void refusesJavaSerialization() {
    record Stranger(String text) implements Serializable {}

    assertThatThrownBy(() -> SERIALIZATION.serialize(new Stranger("x")).get())
        .hasMessageContaining("allow-java-serialization");
  }

  private static byte[] bytes(Object message) {
    return SERIALIZATION.serialize(message).get();
  }
}
