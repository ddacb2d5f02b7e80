package org.brokecluster.node.runtime.template;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.brokecluster.node.runtime.answer.BodyFields;

/** A chat's body as that of a text completion. Pure. */
public final class RawBody {
  private static final JsonMapper MAPPER = BodyFields.mapper();
  private static final List<String> LIMITS = List.of("max_tokens", "max_completion_tokens");

  /** What says how a chat is rendered or its answer is read; the rest says how it is made. */
  private static final List<String> OF_CHATS =
      List.of(
          "messages",
          "tools",
          "tool_choice",
          "parallel_tool_calls",
          "functions",
          "function_call",
          "response_format",
          "chat_template_kwargs",
          "reasoning_effort",
          "reasoning_format",
          "parse_tool_calls",
          "add_generation_prompt",
          "logprobs",
          "top_logprobs");

  private RawBody() {}

  /**
   * The completion's body.
   *
   * @param chat the client's body
   * @param prompt what the answer goes on behind
   * @param tokens what the client has of the answer; its limit is lowered by it
   * @throws CannotRender if the client asked for something that a completion does not give
   */
  public static byte[] of(byte[] chat, String prompt, int tokens) throws CannotRender {
    try {
      if (!(MAPPER.readTree(chat) instanceof ObjectNode body)) {
        throw new CannotRender("the body is not a JSON object");
      }
      if (body.path("logprobs").asBoolean(false)) {
        throw new CannotRender("log probabilities have another form there");
      }
      body.remove(OF_CHATS);
      for (var limit : LIMITS) {
        if (body.path(limit).canConvertToInt()) {
          body.put(limit, Math.max(1, body.path(limit).intValue() - tokens));
        }
      }
      return MAPPER.writeValueAsBytes(body.put("prompt", prompt));
    } catch (IOException e) {
      throw new CannotRender("the body is not valid JSON");
    }
  }
}
