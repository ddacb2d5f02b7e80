package org.brokecluster.shared.serialization;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.KryoBufferOverflowException;
import com.esotericsoftware.kryo.io.Output;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import org.brokecluster.protocol.HotMessage;

/** One Kryo with its buffers; used by one thread at a time and kept for the next. */
final class HotCodec {
  /** Largest message: Artery's frame of 256 KiB less room for its envelope. */
  static final int BYTES_MAX = 240 * 1024;

  private static final int BYTES_FIRST = 512;

  private final Kryo kryo = new Kryo();
  private final Output output = new Output(BYTES_FIRST, BYTES_MAX);
  private final Input input = new Input();
  private byte[] received = new byte[BYTES_FIRST];

  HotCodec() {
    kryo.setRegistrationRequired(true);
    kryo.setReferences(false);
    for (var type : HotType.values()) {
      kryo.register(type.type(), type.serializer(), type.id());
    }
  }

  /** Writes the message; the output is valid until the next call. */
  Output write(HotType type, HotMessage message) {
    output.reset();
    try {
      kryo.writeObject(output, message, kryo.getRegistration(type.type()).getSerializer());
      return output;
    } catch (KryoBufferOverflowException e) {
      var overflow = new BufferOverflowException();
      overflow.initCause(e);
      throw overflow;
    }
  }

  /** Reads one message that fills the rest of the buffer. */
  HotMessage read(HotType type, ByteBuffer buffer) {
    int length = buffer.remaining();
    if (length > BYTES_MAX) {
      throw new IllegalArgumentException("message too large: bytes=" + length);
    }
    if (received.length < length) {
      received = new byte[Math.min(BYTES_MAX, Math.max(length, 2 * received.length))];
    }
    buffer.get(received, 0, length);
    input.setBuffer(received, 0, length);
    var message = kryo.readObject(input, type.type());
    if (input.position() != length) {
      throw new IllegalArgumentException("bytes left over: " + (length - input.position()));
    }
    return message;
  }
}
