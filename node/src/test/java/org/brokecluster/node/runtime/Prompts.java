package org.brokecluster.node.runtime;

import java.nio.charset.StandardCharsets;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Api;

/** Prompts for tests, with single quotes for double ones in JSON. */
public final class Prompts {
  private Prompts() {}

  /** A chat with this body. */
  public static Prompt chat(ModelId model, String body) {
    return prompt(Api.CHAT, model, body, "");
  }

  /** A chat with one question and nothing else. */
  public static Prompt question(ModelId model, String question) {
    return chat(model, "{'messages':[{'role':'user','content':'" + question + "'}]}");
  }

  /** A chat whose answer was begun elsewhere. */
  public static Prompt begun(ModelId model, String body, String emitted) {
    return prompt(Api.CHAT, model, body, emitted);
  }

  /** A chat whose answer was begun elsewhere, to go on as a text completion. */
  public static Prompt spoken(ModelId model, String body, Spoken spoken, int tokens) {
    var attempt = new AttemptId(RequestId.of("r1"), 2);
    return new Prompt(attempt, Api.CHAT, model, json(body), "", tokens, 100, spoken);
  }

  /** A text completion. */
  public static Prompt completion(ModelId model, String body) {
    return prompt(Api.COMPLETION, model, body, "");
  }

  /** JSON with single quotes as bytes with double ones. */
  public static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  private static Prompt prompt(Api api, ModelId model, String body, String emitted) {
    var attempt = new AttemptId(RequestId.of("r1"), 1);
    return new Prompt(attempt, api, model, json(body), emitted, 0, 100);
  }
}
