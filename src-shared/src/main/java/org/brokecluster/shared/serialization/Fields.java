package org.brokecluster.shared.serialization;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.charset.StandardCharsets;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.RequestId;
import org.jspecify.annotations.Nullable;

/**
 * Fields that several types have, without type tags. Texts are UTF-8 behind their length: Kryo's
 * own form believes any length it reads and would allocate gigabytes for broken bytes.
 */
final class Fields {
  private Fields() {}

  /** Length plus one, so that 0 is null. */
  static void writeText(Output output, @Nullable String text) {
    if (text == null) {
      output.writeVarInt(0, true);
      return;
    }
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    output.writeVarInt(bytes.length + 1, true);
    output.writeBytes(bytes, 0, bytes.length);
  }

  static @Nullable String readTextOrNull(Input input) {
    int length = input.readVarInt(true) - 1;
    if (length == -1) {
      return null;
    }
    int position = input.position();
    if (length < 0 || length > input.limit() - position) {
      throw new IllegalArgumentException("text longer than the message: " + length);
    }
    input.setPosition(position + length);
    return new String(input.getBuffer(), position, length, StandardCharsets.UTF_8);
  }

  static String readText(Input input) {
    var text = readTextOrNull(input);
    if (text == null) {
      throw new IllegalArgumentException("a text is missing");
    }
    return text;
  }

  static void writeAttempt(Output output, AttemptId attempt) {
    writeText(output, attempt.request().value());
    output.writeVarInt(attempt.number(), true);
  }

  static AttemptId readAttempt(Input input) {
    var request = RequestId.of(readText(input));
    return new AttemptId(request, input.readVarInt(true));
  }
}
