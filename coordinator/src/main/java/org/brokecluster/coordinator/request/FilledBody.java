package org.brokecluster.coordinator.request;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.brokecluster.protocol.router.Parameters;
import org.jspecify.annotations.Nullable;

/**
 * Puts what the router fills in at the beginning of a client's JSON object, which stays as it is
 * otherwise. What is filled in was found absent before.
 */
final class FilledBody {
  private FilledBody() {}

  /** The body with the parameters in it; the same array where there are none. */
  static byte[] of(byte[] body, @Nullable Parameters parameters) {
    if (parameters == null || parameters.isEmpty()) {
      return body;
    }
    int at = 0;
    while (at < body.length && body[at] != '{') {
      at++;
    }
    if (at == body.length) {
      return body;
    }
    var fields = fields(parameters).getBytes(StandardCharsets.US_ASCII);
    var filled = Arrays.copyOf(body, body.length + fields.length);
    System.arraycopy(fields, 0, filled, at + 1, fields.length);
    System.arraycopy(body, at + 1, filled, at + 1 + fields.length, body.length - at - 1);
    return filled;
  }

  /** Each with a comma behind it: a call that was found valid has further fields. */
  private static String fields(Parameters parameters) {
    var out = new StringBuilder(Parameters.JSON_MAX);
    if (parameters.temperature() != null) {
      out.append("\"temperature\":").append(parameters.temperature()).append(',');
    }
    if (parameters.topP() != null) {
      out.append("\"top_p\":").append(parameters.topP()).append(',');
    }
    if (parameters.maxTokens() != null) {
      out.append("\"max_tokens\":").append(parameters.maxTokens()).append(',');
    }
    if (parameters.thinking() != null) {
      out.append("\"chat_template_kwargs\":{\"enable_thinking\":")
          .append(parameters.thinking())
          .append("},");
    }
    return out.toString();
  }
}
