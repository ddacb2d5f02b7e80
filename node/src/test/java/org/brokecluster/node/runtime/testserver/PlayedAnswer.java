package org.brokecluster.node.runtime.testserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What the model of a test server answers: a function of the request only, and gibberish like that
 * of the recordings.
 *
 * @param reasoning pieces of thinking
 * @param content pieces of text
 * @param call whether it calls the first tool instead of speaking
 * @param finish finish reason
 * @param promptTokens tokens of the prompt
 */
public record PlayedAnswer(
    List<String> reasoning, List<String> content, boolean call, String finish, int promptTokens) {
  /** Asks for an answer that takes a minute. */
  public static final String AT_LENGTH = "at length";

  /** Asks for thinking before the answer. */
  public static final String THINK = "think first";

  /** Asks for a call of a tool. */
  public static final String WEATHER = "weather";

  /** The only function that is ever called. */
  public static final String FUNCTION = "get_weather";

  /** Its arguments. */
  public static final String ARGUMENTS = "{\"city\": \"Paris\"}";

  private static final int TOKENS = 24;
  private static final int MANY_TOKENS = 60_000;
  private static final String[] WORDS = {" token", " basket", " café", " 🙂", " lantern", " 日本"};

  /**
   * The answer to a text.
   *
   * @param text what was asked
   * @param limit most tokens
   * @param stops texts it ends before
   */
  static PlayedAnswer to(String text, boolean tools, int limit, List<String> stops) {
    return to(text, text, tools, limit, stops);
  }

  /**
   * The answer to a chat.
   *
   * @param text what was asked
   * @param rendered the same as the model gets it; every eighth word depends on each sign of it
   */
  static PlayedAnswer to(
      String text, String rendered, boolean tools, int limit, List<String> stops) {
    int prompt = 6 + text.length() / 4;
    if (tools && text.contains(WEATHER)) {
      return new PlayedAnswer(List.of(" token"), List.of(), true, "tool_calls", prompt);
    }
    var reasoning = text.contains(THINK) ? List.of(" token", " basket") : List.<String>of();
    int wanted = text.contains(AT_LENGTH) ? MANY_TOKENS : TOKENS;
    var content = new ArrayList<String>();
    var said = new StringBuilder();
    for (int i = 0; i < wanted; i++) {
      if (reasoning.size() + i >= limit) {
        return new PlayedAnswer(reasoning, content, false, "length", prompt);
      }
      var word = word(rendered, i);
      said.append(word);
      if (wanted == TOKENS && stops.stream().anyMatch(stop -> said.indexOf(stop) >= 0)) {
        break;
      }
      content.add(word);
    }
    return new PlayedAnswer(reasoning, content, false, "stop", prompt);
  }

  private static String word(String rendered, int index) {
    if (index % 8 == 5) {
      return " #" + Integer.toHexString((rendered + index).hashCode());
    }
    return WORDS[index % WORDS.length] + (index % 4 == 3 ? index : "");
  }

  /**
   * What a text completion answers. Behind a rendered chat and the beginning of the very answer it
   * would get, it is the rest of that answer; behind anything else it is something else.
   */
  static PlayedAnswer behind(String prompt, int limit, List<String> stops) {
    int chat = ChatMl.length(prompt);
    if (chat < 0) {
      return to(prompt, false, limit, stops);
    }
    var rendered = prompt.substring(0, chat);
    var whole = to(rendered, rendered, false, Integer.MAX_VALUE, stops);
    var before = ChatMl.block(String.join("", whole.reasoning)) + String.join("", whole.content);
    var said = prompt.substring(chat);
    if (!before.startsWith(said) || said.length() < before.length() - length(whole.content)) {
      return to(prompt + " departs", false, limit, stops);
    }
    int left = before.length() - said.length();
    var content = new ArrayList<String>();
    for (int i = whole.content.size() - 1; i >= 0 && left > 0; i--) {
      var word = whole.content.get(i);
      content.add(0, word.substring(Math.max(0, word.length() - left)));
      left -= word.length();
    }
    boolean cut = content.size() > limit;
    return new PlayedAnswer(
        List.of(),
        cut ? content.subList(0, limit) : content,
        false,
        cut ? "length" : "stop",
        whole.promptTokens + said.length() / 4);
  }

  private static int length(List<String> words) {
    return words.stream().mapToInt(String::length).sum();
  }

  /** Tokens that are made, the end of the answer included. */
  int tokens() {
    return reasoning.size() + content.size() + 1;
  }

  /** All text of the messages or the prompt of a request. */
  static String textOf(JsonNode request) {
    var text = new StringBuilder(request.path("prompt").asText(""));
    for (var message : request.path("messages")) {
      var content = message.path("content");
      text.append(content.isTextual() ? content.textValue() : content.toString());
    }
    return text.toString();
  }

  /** Texts a request wants the answer to end before. */
  static List<String> stopsOf(JsonNode stop) {
    var stops = new ArrayList<String>();
    if (stop.isTextual()) {
      stops.add(stop.textValue());
    }
    stop.forEach(each -> stops.add(each.asText()));
    return stops;
  }
}
