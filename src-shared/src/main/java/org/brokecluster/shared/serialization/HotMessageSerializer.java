package org.brokecluster.shared.serialization;

import akka.serialization.ByteBufferSerializer;
import akka.serialization.SerializerWithStringManifest;
import com.esotericsoftware.kryo.util.Pool;
import java.io.NotSerializableException;
import java.nio.ByteBuffer;
import org.brokecluster.protocol.HotMessage;

/**
 * Kryo for the few types of the token path. What is not in {@link HotType} is refused; a message
 * above {@link HotCodec#BYTES_MAX} throws {@link java.nio.BufferOverflowException}, which Artery
 * reports as an oversize message.
 *
 * <p>Safe for use from any thread: each call borrows a codec from a bounded pool.
 */
public final class HotMessageSerializer extends SerializerWithStringManifest
    implements ByteBufferSerializer {
  /** Named on the wire; never changes. */
  static final int IDENTIFIER = 770_101;

  private static final int CODECS_MAX = 32;

  private final Pool<HotCodec> codecs =
      new Pool<>(true, false, CODECS_MAX) {
        @Override
        protected HotCodec create() {
          return new HotCodec();
        }
      };

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object message) {
    return HotType.of(message).manifest();
  }

  @Override
  public byte[] toBinary(Object message) {
    var type = HotType.of(message);
    var codec = codecs.obtain();
    try {
      return codec.write(type, (HotMessage) message).toBytes();
    } finally {
      codecs.free(codec);
    }
  }

  @Override
  public void toBinary(Object message, ByteBuffer buffer) {
    var type = HotType.of(message);
    var codec = codecs.obtain();
    try {
      var output = codec.write(type, (HotMessage) message);
      buffer.put(output.getBuffer(), 0, output.position());
    } finally {
      codecs.free(codec);
    }
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    return fromBinary(ByteBuffer.wrap(bytes), manifest);
  }

  @Override
  public Object fromBinary(ByteBuffer buffer, String manifest) throws NotSerializableException {
    var type = HotType.byManifest(manifest);
    var codec = codecs.obtain();
    try {
      return codec.read(type, buffer);
    } catch (RuntimeException e) {
      // Broken bytes fail in many ways, and may hold an answer's text: only the way is told.
      throw new NotSerializableException(
          "cannot read a %s: %s".formatted(type, e.getClass().getSimpleName()));
    } finally {
      codecs.free(codec);
    }
  }
}
