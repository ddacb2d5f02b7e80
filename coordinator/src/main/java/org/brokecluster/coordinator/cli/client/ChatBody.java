package org.brokecluster.coordinator.cli.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.brokecluster.coordinator.cli.text.Json;

/** The body of a chat request with one message. Pure. */
public final class ChatBody {
  /** Where it is sent. */
  public static final String PATH = "/v1/chat/completions";

  private ChatBody() {}

  /** A question to a model, a tier or {@code auto}. */
  public static ObjectNode of(String model, String prompt) {
    var body = Json.object().put("model", model);
    body.putArray("messages").addObject().put("role", "user").put("content", prompt);
    return body;
  }

  /**
   * The same for an answer that comes as it is made; its end tells the counts of tokens, and who
   * gave it, which its headers do not know if they go out early.
   */
  public static ObjectNode streamed(ObjectNode body) {
    body.put("stream", true).putObject("stream_options").put("include_usage", true);
    body.withObjectProperty("broke").put("explain", true);
    return body;
  }
}
