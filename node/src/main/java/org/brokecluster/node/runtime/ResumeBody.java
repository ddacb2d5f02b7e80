package org.brokecluster.node.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.brokecluster.protocol.model.Api;

/** What a runtime is asked so that an answer goes on where it broke off. Pure. */
public final class ResumeBody {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final List<String> LIMITS = List.of("max_tokens", "max_completion_tokens");
  private static final int LAST_WORDS = 80;

  private ResumeBody() {}

  /**
   * What a runtime behind HTTP is asked: the client's body, with the text to be continued if there
   * is one; see {@link #prefill}.
   */
  public static byte[] asked(Prompt prompt) throws IOException {
    return prompt.emitted().isEmpty()
        ? prompt.body()
        : prefill(prompt.api(), prompt.body(), prompt.emitted(), prompt.emittedTokens());
  }

  /**
   * The body for a runtime that continues a text: the chat gets it as a trailing assistant message,
   * a completion behind its prompt.
   *
   * @param tokens what the client has of the answer; its limit is lowered by it
   * @throws IOException if the body cannot be read; the message is free of its text
   */
  public static byte[] prefill(Api api, byte[] body, String emitted, int tokens)
      throws IOException {
    var request = read(body);
    switch (api) {
      case CHAT -> say(request, "assistant", emitted);
      case COMPLETION -> {
        var prompt = request.path("prompt");
        var text = prompt.isArray() ? prompt.path(0).asText("") : prompt.asText("");
        request.put("prompt", text + emitted);
        request.remove("echo"); // said already
      }
    }
    return write(request, tokens);
  }

  /**
   * The chat with the text so far and the request to go on.
   *
   * @param tokens what the client has of the answer; its limit is lowered by it
   * @throws IOException if the body cannot be read; the message is free of its text
   */
  public static byte[] prompted(byte[] body, String emitted, int tokens) throws IOException {
    var request = read(body);
    say(request, "assistant", emitted);
    var end = emitted.substring(Math.max(0, emitted.length() - LAST_WORDS)).strip();
    say(
        request,
        "user",
        "The answer above was cut off by a fault. Write only the rest of it, beginning right after"
            + " its last words, with no greeting, comment or repetition. Its last words are: "
            + end);
    return write(request, tokens);
  }

  private static ObjectNode read(byte[] body) throws IOException {
    JsonNode read;
    try {
      read = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new IOException("the body is not valid JSON", e);
    }
    if (read instanceof ObjectNode object) {
      return object;
    }
    throw new IOException("the body is not a JSON object");
  }

  private static void say(ObjectNode request, String role, String text) {
    request.withArray("messages").addObject().put("role", role).put("content", text);
  }

  private static byte[] write(ObjectNode request, int tokens) throws IOException {
    for (var limit : LIMITS) {
      if (request.path(limit).canConvertToInt()) {
        request.put(limit, Math.max(1, request.path(limit).intValue() - tokens));
      }
    }
    return JSON.writeValueAsBytes(request);
  }
}
