package org.brokecluster.tests.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What every model of a {@link FaultServer} answers: sixty tokens that can be told apart. */
final class Story {
  private static final int TOKENS = 60;

  private Story() {}

  /** The whole answer. */
  static String text() {
    var text = new StringBuilder();
    for (int i = 0; i < TOKENS; i++) {
      text.append(String.format(Locale.ROOT, i == 0 ? "word%02d" : " word%02d", i));
    }
    return text.toString();
  }

  /** A part of it in tokens. */
  static List<String> tokens(String text) {
    var tokens = new ArrayList<String>();
    int from = 0;
    while (from < text.length()) {
      int space = text.indexOf(' ', from + 1);
      int to = space < 0 ? text.length() : space;
      tokens.add(text.substring(from, to));
      from = to;
    }
    return tokens;
  }

  /**
   * What a model that does as it is asked says: all of it, or what follows the text that the
   * conversation shows as said already.
   */
  static String rest(JsonNode request) {
    var whole = text();
    for (var message : request.path("messages")) {
      var content = message.path("content").asText("");
      if (message.path("role").asText().equals("assistant") && whole.startsWith(content)) {
        return whole.substring(content.length());
      }
    }
    return whole;
  }

  /** Whether a request ends with what the assistant said. */
  static boolean endsWithAssistant(JsonNode request) {
    var messages = request.path("messages");
    return messages.path(messages.size() - 1).path("role").asText().equals("assistant");
  }
}
