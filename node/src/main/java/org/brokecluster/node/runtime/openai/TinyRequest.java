package org.brokecluster.node.runtime.openai;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;

/** The smallest request there is: one token, to have a model loaded and to see it answer. */
final class TinyRequest {
  private TinyRequest() {}

  /** A chat with the model of this name. */
  static byte[] naming(String wireName) {
    var quoted = new String(JsonStringEncoder.getInstance().quoteAsString(wireName));
    return ("{\"model\":\"%s\",\"stream\":true,\"max_tokens\":1,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"Say hello.\"}]}")
        .formatted(quoted)
        .getBytes(StandardCharsets.UTF_8);
  }
}
