package org.brokecluster.node.runtime.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.brokecluster.node.runtime.Spoken;
import org.brokecluster.node.runtime.answer.BodyFields;

/**
 * The text behind which a chat's answer goes on as a completion. Beside the chat itself two tiny
 * ones are rendered, which show where a template puts the words of an assistant and how it asks for
 * them; whatever does not fit what they show is refused. Pure.
 */
public final class RawPrompt {
  private static final JsonMapper MAPPER = BodyFields.mapper();
  private static final String ROLE = "role";
  private static final String CONTENT = "content";
  private static final String MESSAGES = "messages";

  /** Words no template changes and no template contains. */
  private static final String QUESTION = "Broke asks kumquat";

  private static final String ANSWER = "Broke says tamarind";
  private static final String NEXT = "Broke wants persimmon";

  private RawPrompt() {}

  /**
   * The chats to be rendered for a chat.
   *
   * @param chat body of the request as the server takes it
   * @throws CannotRender if the chat is none that is known to render to one text
   */
  public static List<byte[]> chats(byte[] chat) throws CannotRender {
    try {
      var body = object(chat);
      checkMessages(body.path(MESSAGES));
      return List.of(chat, tiny(body, QUESTION), tiny(body, QUESTION, ANSWER, NEXT));
    } catch (IOException e) {
      throw new CannotRender("the body is not valid JSON");
    }
  }

  /** A chat in which user and assistant take turns, with all other fields of the body. */
  private static byte[] tiny(ObjectNode body, String... turns) throws IOException {
    var small = body.objectNode();
    small.setAll(body);
    var messages = small.putArray(MESSAGES);
    for (int i = 0; i < turns.length; i++) {
      messages.addObject().put(ROLE, i % 2 == 0 ? "user" : "assistant").put(CONTENT, turns[i]);
    }
    return MAPPER.writeValueAsBytes(small);
  }

  private static void checkMessages(JsonNode messages) throws CannotRender {
    if (!messages.isArray() || messages.isEmpty()) {
      throw new CannotRender("the chat has no messages");
    }
    for (var message : messages) {
      for (var part : message.path(CONTENT)) {
        if (!"text".equals(part.path("type").asText())) {
          throw new CannotRender("a message has more than text in it");
        }
      }
    }
  }

  /**
   * The prompt of the completion: the chat, and what was said of its answer.
   *
   * @param rendered what came of {@link #chats}
   * @throws CannotRender if it is not sure that the model was given this text before
   */
  public static String of(Rendered rendered, byte[] chat, Spoken spoken) throws CannotRender {
    if (rendered.texts().size() != 3) {
      throw new CannotRender("not every chat was rendered");
    }
    var prompt = rendered.texts().get(0);
    var turns = Turns.of(rendered.texts().get(1), rendered.texts().get(2));
    try {
      checkEnd(prompt, object(chat).path(MESSAGES), turns);
    } catch (IOException e) {
      throw new CannotRender("the body is not valid JSON");
    }
    return Thinking.join(prompt, turns.gap(), rendered.template(), spoken);
  }

  /** The chat itself has to end as the tiny one does. */
  private static void checkEnd(String prompt, JsonNode messages, Turns turns) throws CannotRender {
    var last = messages.path(messages.size() - 1);
    boolean asks =
        switch (last.path(ROLE).asText()) {
          case "user" -> prompt.endsWith(turns.end()) && prompt.contains(text(last).strip());
          case "tool" -> prompt.endsWith(turns.lastLine());
          default -> false;
        };
    if (!asks) {
      throw new CannotRender("the rendered chat does not end by asking for an answer");
    }
  }

  private static String text(JsonNode message) {
    var content = message.path(CONTENT);
    if (content.isTextual()) {
      return content.textValue();
    }
    var last = content.path(content.size() - 1);
    return last.path("text").asText();
  }

  private static ObjectNode object(byte[] body) throws IOException {
    if (MAPPER.readTree(body) instanceof ObjectNode object) {
      return object;
    }
    throw new IOException("not an object");
  }

  /**
   * How a template writes turns.
   *
   * @param end what stands behind a question, up to where the answer is made
   * @param gap what stands between that and the words of an answer that was given before
   */
  private record Turns(String end, String gap) {
    /**
     * Reads them from two renderings.
     *
     * @param asked a chat of one question
     * @param answered the same question, its answer, and another question
     */
    static Turns of(String asked, String answered) throws CannotRender {
      if (!inOrder(asked, List.of(QUESTION))
          || !inOrder(answered, List.of(QUESTION, ANSWER, NEXT))) {
        throw new CannotRender("the template leaves out or repeats a message");
      }
      var opening = asked.substring(0, Thinking.startsAt(asked));
      int at = answered.indexOf(ANSWER);
      var gap = at < opening.length() ? "" : answered.substring(opening.length(), at);
      if (!answered.startsWith(opening) || at < opening.length() || !gap.isBlank()) {
        throw new CannotRender("the template asks for an answer in another way than it shows one");
      }
      return new Turns(asked.substring(asked.indexOf(QUESTION) + QUESTION.length()), gap);
    }

    String lastLine() {
      var line = end.stripTrailing();
      return end.substring(line.lastIndexOf('\n') + 1);
    }

    /** Whether each word is there once, in this order. */
    private static boolean inOrder(String text, List<String> words) {
      int from = 0;
      for (var word : words) {
        int at = text.indexOf(word);
        if (at < from || text.indexOf(word, at + 1) >= 0) {
          return false;
        }
        from = at;
      }
      return true;
    }
  }
}
