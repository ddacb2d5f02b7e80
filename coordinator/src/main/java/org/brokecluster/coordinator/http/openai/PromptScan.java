package org.brokecluster.coordinator.http.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.brokecluster.coordinator.routing.profile.PromptText;

/**
 * Takes a prompt message by message and makes of it what the edge needs to know: the estimate of
 * its length, its fingerprints, and a bounded copy of its text for the profile. Not thread safe.
 */
final class PromptScan {
  /** Characters of one message kept for the profile: its beginning and its end. */
  private static final int MESSAGE_MAX = 8 * 1024;

  /** Characters of all messages kept; the newest matter most. */
  private static final int TEXT_MAX = 64 * 1024;

  private final TokenEstimate estimate = new TokenEstimate();
  private final PrefixFingerprints fingerprints = new PrefixFingerprints();
  private final StringBuilder current = new StringBuilder();
  private final Deque<PromptText.Message> kept = new ArrayDeque<>();
  private int keptLength;
  private PromptText.Role role = PromptText.Role.USER;

  /** Begins a message. */
  void begin(PromptText.Role speaker, String label) {
    role = speaker;
    current.setLength(0);
    estimate.message();
    fingerprints.text(label);
    fingerprints.mark();
  }

  /** Adds text of the current message. */
  void text(String text) {
    estimate.text(text);
    fingerprints.text(text);
    fingerprints.mark();
    int room = MESSAGE_MAX - current.length();
    if (text.length() <= room) {
      current.append(text);
    } else if (room > 0) {
      int tail = room / 4;
      current.append(text, 0, room - tail);
      current.append(text, text.length() - tail, text.length());
    }
  }

  /** Adds an image of the current message by its address, which may be the image itself. */
  void image(String url) {
    estimate.image();
    fingerprints.text(url);
    fingerprints.mark();
  }

  /** Adds something that the model reads but that is nobody's words, such as a tool's schema. */
  void structure(JsonNode node) {
    if (node.isObject()) {
      for (var field : node.properties()) {
        quiet(field.getKey());
        structure(field.getValue());
      }
    } else if (node.isArray()) {
      node.forEach(this::structure);
    } else {
      quiet(node.asText());
    }
  }

  /** Ends the message. */
  void end() {
    fingerprints.endMessage();
    if (current.isEmpty()) {
      return;
    }
    kept.addLast(new PromptText.Message(role, current.toString()));
    keptLength += current.length();
    while (keptLength > TEXT_MAX) {
      keptLength -= kept.removeFirst().text().length();
    }
  }

  int tokens() {
    return estimate.tokens();
  }

  List<Long> prefix() {
    return fingerprints.build();
  }

  List<Integer> prefixTokens() {
    return fingerprints.tokens(estimate.tokens());
  }

  PromptText profileText() {
    return PromptText.of(List.copyOf(kept));
  }

  private void quiet(String text) {
    estimate.text(text);
    estimate.text("\":");
    fingerprints.text(text);
    fingerprints.mark();
  }
}
