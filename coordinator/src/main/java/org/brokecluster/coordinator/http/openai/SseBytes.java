package org.brokecluster.coordinator.http.openai;

import java.nio.charset.StandardCharsets;
import org.brokecluster.coordinator.http.json.JsonBytes;
import org.brokecluster.protocol.model.Usage;
import org.jspecify.annotations.Nullable;

/** The fixed parts of server-sent events, and the usage event that both APIs share. */
final class SseBytes {
  static final byte[] DATA = ascii("data: ");
  static final byte[] END = ascii("\n\n");
  static final byte[] DONE = ascii("data: [DONE]\n\n");

  private SseBytes() {}

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** What every event begins with, up to and including the opening bracket of its choices. */
  static byte[] head(AnswerIdentity identity, String object) {
    var out = new JsonBytes(160);
    out.raw(DATA).raw("{\"id\":").string(identity.id());
    out.raw(",\"object\":\"").raw(object).raw("\",\"created\":").number(identity.created());
    out.raw(",\"model\":").string(identity.model()).raw(",\"choices\":[");
    return out.toBytes();
  }

  /**
   * What follows the choices: {@code usage} is null wherever it was asked for but is not yet due.
   */
  static byte[] tail(boolean includeUsage) {
    return ascii(includeUsage ? "],\"usage\":null}\n\n" : "]}\n\n");
  }

  /**
   * What follows the choices of the event with the finish reason: where usage was asked for, the
   * end of that event and one more, without choices, with the usage.
   *
   * @param extras JSON object for the key {@code broke} of the last event, or null for none
   */
  static void last(
      byte[] head, boolean includeUsage, Usage usage, @Nullable String extras, JsonBytes out) {
    if (includeUsage) {
      out.raw(tail(true)).raw(head).raw("],\"usage\":");
      usage(usage, out);
    } else {
      out.raw("]");
    }
    if (extras != null) {
      out.raw(",\"broke\":").json(extras);
    }
    out.raw("}\n\n");
  }

  /** A usage object. */
  static void usage(Usage usage, JsonBytes out) {
    out.raw("{\"prompt_tokens\":").number(usage.promptTokens());
    out.raw(",\"completion_tokens\":").number(usage.completionTokens());
    out.raw(",\"total_tokens\":").number(usage.totalTokens());
    out.raw(",\"prompt_tokens_details\":{\"cached_tokens\":").number(usage.cachedTokens());
    out.raw(usage.estimated() ? "},\"estimated\":true}" : "}}");
  }
}
