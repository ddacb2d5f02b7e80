package org.brokecluster.coordinator.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** Shows what the estimate made of a prompt, in one line. Pure. */
final class ProfileLine {
  private ProfileLine() {}

  /** The line with its line break, or nothing if there is no profile. */
  static String render(JsonNode answer) {
    var profile = Json.find(answer, "profile", "facts.profile");
    if (profile.isEmpty()) {
      return "";
    }
    return "prompt: complexity %s, answer %s, about %s tokens to answer, by %s (%s)%n"
        .formatted(
            Json.score(profile.get(), "promptComplexity"),
            Json.score(profile.get(), "answerComplexity"),
            Json.text(profile.get(), "answerTokens"),
            Json.text(profile.get(), "evidence"),
            Json.text(profile.get(), "basis"));
  }
}
