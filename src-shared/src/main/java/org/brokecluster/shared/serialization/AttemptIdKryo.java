package org.brokecluster.shared.serialization;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.Objects;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.RequestId;

/** The fields of an attempt's id, without a type tag. */
final class AttemptIdKryo {
  private AttemptIdKryo() {}

  static void write(Output output, AttemptId attempt) {
    output.writeString(attempt.request().value());
    output.writeVarInt(attempt.number(), true);
  }

  static AttemptId read(Input input) {
    var request = RequestId.of(Objects.requireNonNullElse(input.readString(), ""));
    return new AttemptId(request, input.readVarInt(true));
  }
}
