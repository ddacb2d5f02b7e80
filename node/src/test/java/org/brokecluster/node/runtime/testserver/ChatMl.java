package org.brokecluster.node.runtime.testserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;

/**
 * The chat template of the test servers' model, as Qwen3's renders chats of text: thinking of
 * earlier turns is left out, and an empty block of it is written where none is wanted.
 */
public final class ChatMl {
  /** Source of the template, as far as anybody looks at it. */
  public static final String TEMPLATE =
      "{%- for message in messages %}{{- '<|im_start|>' + message.role + '\\n' + message.content +"
          + " '<|im_end|>\\n' }}{%- endfor %}{%- if add_generation_prompt %}"
          + "{{- '<|im_start|>assistant\\n' }}{%- if enable_thinking is false %}"
          + "{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}{%- endif %}";

  private static final String ASKS = "<|im_start|>assistant\n";
  private static final String NO_THINKING = "<think>\n\n</think>\n\n";

  private ChatMl() {}

  /** The text of a chat's body. */
  public static String render(byte[] body) {
    return render(TestServer.parse(new String(body, StandardCharsets.UTF_8)));
  }

  /** The text of a chat, generation prompt included. */
  public static String render(JsonNode body) {
    var text = new StringBuilder();
    for (var message : body.path("messages")) {
      text.append("<|im_start|>").append(message.path("role").asText()).append('\n');
      text.append(content(message.path("content"))).append("<|im_end|>\n");
    }
    text.append(ASKS);
    boolean thinks = body.path("chat_template_kwargs").path("enable_thinking").asBoolean(true);
    return text + (thinks ? "" : NO_THINKING);
  }

  private static String content(JsonNode content) {
    if (content.isArray()) {
      var parts = new StringBuilder();
      content.forEach(part -> parts.append(part.path("text").asText()));
      return parts.toString();
    }
    var text = content.asText("");
    int thought = text.lastIndexOf("</think>");
    return thought < 0 ? text : text.substring(thought + "</think>".length()).stripLeading();
  }

  /** How much of a text is a rendered chat; -1 if it is none. */
  static int length(String text) {
    int at = text.lastIndexOf(ASKS);
    if (at < 0) {
      return -1;
    }
    int end = at + ASKS.length();
    return text.startsWith(NO_THINKING, end) ? end + NO_THINKING.length() : end;
  }

  /** A finished block of thinking as the model writes it; empty for no thoughts. */
  static String block(String thoughts) {
    return thoughts.isEmpty() ? "" : "<think>\n" + thoughts.strip() + "\n</think>\n\n";
  }
}
