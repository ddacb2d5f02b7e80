package org.brokecluster.shared.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.NotSerializableException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.brokecluster.protocol.HotMessage;
import org.brokecluster.protocol.edge.EdgeProtocol.TokenBatch;
import org.brokecluster.protocol.node.AttemptProtocol.Ack;
import org.brokecluster.protocol.node.TokenChunk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HotMessageSerializerTest {
  private final HotMessageSerializer serializer = new HotMessageSerializer();

  @Test
  void namesAndIdsOfTypesNeverChange() {
    assertThat(HotType.values())
        .extracting(type -> type.manifest() + type.id() + type.type().getSimpleName())
        .startsWith("t10TokenBatch", "a11Ack");
    assertThat(serializer.identifier()).isEqualTo(770_101);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void writesIntoAnyBufferWhatItWritesIntoAnArray(long seed) throws NotSerializableException {
    var message = randomBatch(new Random(seed));
    var buffer = ByteBuffer.allocateDirect(256 * 1024).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(42);

    serializer.toBinary(message, buffer);
    buffer.flip().position(8);

    var bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    assertThat(bytes).isEqualTo(serializer.toBinary(message));
    assertThat(serializer.fromBinary(buffer, "t")).isEqualTo(message);
    assertThat(buffer.hasRemaining()).isFalse();
  }

  private static TokenBatch randomBatch(Random random) {
    var kinds = TokenChunk.Kind.values();
    var chunks =
        IntStream.range(0, random.nextInt(64))
            .mapToObj(
                i ->
                    new TokenChunk(
                        kinds[random.nextInt(kinds.length)],
                        random.nextInt(300),
                        random.nextBoolean() ? null : "call_" + i,
                        random.nextBoolean() ? null : "näme",
                        "é".repeat(random.nextInt(50))))
            .toList();
    return new TokenBatch(MessageSamples.ATTEMPT, random.nextLong() >>> 1, chunks);
  }

  @Test
  void saysOverflowWhereAMessageIsTooLargeForAFrame() {
    var huge = batchOf("x".repeat(HotCodec.BYTES_MAX));

    assertThatThrownBy(() -> serializer.toBinary(huge)).isInstanceOf(BufferOverflowException.class);
    assertThatThrownBy(() -> serializer.toBinary(huge, ByteBuffer.allocate(256 * 1024)))
        .isInstanceOf(BufferOverflowException.class);
    assertThatThrownBy(() -> serializer.toBinary(batchOf("x".repeat(50)), ByteBuffer.allocate(40)))
        .isInstanceOf(BufferOverflowException.class);
    assertThat(serializer.toBinary(batchOf("y".repeat(1000)))).hasSizeLessThan(1100);
  }

  private static TokenBatch batchOf(String text) {
    return new TokenBatch(MessageSamples.ATTEMPT, 1, List.of(TokenChunk.content(text)));
  }

  @Test
  void refusesATypeThatIsNotRegistered() {
    record Stranger(String text) implements HotMessage {}

    assertThatThrownBy(() -> serializer.manifest(new Stranger("x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Stranger");
    assertThatThrownBy(() -> serializer.toBinary(new Stranger("x")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> serializer.fromBinary(new byte[0], "zz"))
        .isInstanceOf(NotSerializableException.class)
        .hasMessageContaining("zz");
  }

  @Test
  void refusesEveryCutMessageWithoutShowingIt() {
    var whole = serializer.toBinary(batchOf("secret text"));
    for (int length = 0; length < whole.length; length++) {
      var cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> serializer.fromBinary(cut, "t"))
          .isInstanceOf(NotSerializableException.class)
          .hasMessageNotContaining("secret")
          .hasNoCause();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void brokenBytesAreReadOrRefusedButNeverFailOtherwise(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      var bytes = serializer.toBinary(randomBatch(random));
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      var broken = bytes;
      var fault = catchThrowable(() -> serializer.fromBinary(broken, "t"));
      assertThat(fault == null || fault instanceof NotSerializableException).isTrue();
    }
  }

  @Test
  void acksAreSmall() {
    assertThat(serializer.toBinary(new Ack(MessageSamples.ATTEMPT, 300))).hasSizeLessThan(40);
  }

  @Test
  void manyThreadsShareIt() {
    var messages = Collections.nCopies(2000, MessageSamples.oneToken());

    assertThat(messages.parallelStream().map(serializer::toBinary).map(this::read))
        .containsOnly(MessageSamples.oneToken());
  }

  private Object read(byte[] bytes) {
    try {
      return serializer.fromBinary(bytes, "t");
    } catch (NotSerializableException e) {
      throw new AssertionError(e);
    }
  }
}
