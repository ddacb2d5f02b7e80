package org.brokecluster.coordinator.history.journal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A row of the journal as JSON, with a short logical name and a version instead of class names:
 * {@code {"first":1,"gap":…,"base":…,"events":[…],"checkpoint":…}}. Unknown fields are ignored.
 * Thread safe.
 */
public final class EventBatchJson {
  /** Logical name and version of what {@link #encode} writes. */
  public static final String MANIFEST = "routing-batch:1";

  private EventBatchJson() {}

  /** The row's bytes; the events' bytes appear in it as they are. */
  public static byte[] encode(EventBatch batch) {
    int size = 512 + (batch.base() == null ? 0 : batch.base().length());
    for (var event : batch.events()) {
      size += event.json().length + 1;
    }
    var out = new ByteArrayOutputStream(size);
    out.writeBytes(ascii("{\"first\":" + batch.firstNumber()));
    if (batch.gap() != null) {
      var gap = batch.gap();
      out.writeBytes(ascii(",\"gap\":{\"first\":" + gap.first() + ",\"last\":" + gap.last() + "}"));
    }
    if (batch.base() != null) {
      out.writeBytes(ascii(",\"base\":"));
      out.writeBytes(batch.base().getBytes(StandardCharsets.UTF_8));
    }
    out.writeBytes(ascii(",\"events\":["));
    for (int i = 0; i < batch.events().size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      out.writeBytes(batch.events().get(i).json());
    }
    out.write(']');
    if (batch.checkpoint() != null) {
      out.writeBytes(ascii(",\"checkpoint\":" + json(batch.checkpoint())));
    }
    out.write('}');
    return out.toByteArray();
  }

  /**
   * Reads a row.
   *
   * @throws IOException if the bytes are not a row of a version known here, with the reason
   */
  public static EventBatch decode(String manifest, byte[] json) throws IOException {
    return RowReader.whole().read(manifest, json);
  }

  private static String json(Checkpoint checkpoint) {
    return "{\"number\":%d,\"fold\":%d,\"sha256\":\"%s\",\"content\":\"%s\",\"comparable\":%b}"
        .formatted(
            checkpoint.number(),
            checkpoint.fold(),
            checkpoint.sha256(),
            checkpoint.content(),
            checkpoint.comparable());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
