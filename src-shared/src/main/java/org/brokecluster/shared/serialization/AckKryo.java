package org.brokecluster.shared.serialization;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import org.brokecluster.protocol.node.AttemptProtocol.Ack;

/** Fields of {@link Ack} in the order of the record. */
final class AckKryo extends Serializer<Ack> {
  AckKryo() {
    super(false, true);
  }

  @Override
  public void write(Kryo kryo, Output output, Ack ack) {
    Fields.writeAttempt(output, ack.attempt());
    output.writeVarLong(ack.sequence(), true);
  }

  @Override
  public Ack read(Kryo kryo, Input input, Class<? extends Ack> type) {
    var attempt = Fields.readAttempt(input);
    return new Ack(attempt, input.readVarLong(true));
  }
}
