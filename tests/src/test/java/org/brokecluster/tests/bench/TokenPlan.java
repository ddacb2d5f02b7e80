package org.brokecluster.tests.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What one request wants from the {@link Upstream}, carried in its prompt because every gateway
 * leaves prompts alone: {@code @id=7 tokens=200 pause=20000 cut=0@}.
 *
 * @param id number of the request; each of its tokens names it
 * @param tokens tokens of the answer
 * @param pause time before each token; zero for full speed
 * @param cut tokens after which the server breaks the connection; 0 for never
 */
public record TokenPlan(long id, int tokens, Duration pause, int cut) {
  private static final Pattern TEXT =
      Pattern.compile("@id=(\\d+) tokens=(\\d+) pause=(\\d+) cut=(\\d+)@");

  /** As it is written in a prompt, with the pause in µs. */
  public String prompt() {
    return "@id=%d tokens=%d pause=%d cut=%d@".formatted(id, tokens, pause.toNanos() / 1_000, cut);
  }

  /** What a request says; one that says nothing gets {@code max_tokens}, or 16, at full speed. */
  static TokenPlan of(JsonNode request) {
    var messages = request.path("messages");
    var prompt = messages.path(messages.size() - 1).path("content").toString();
    var match = TEXT.matcher(prompt);
    if (!match.find()) {
      return new TokenPlan(0, request.path("max_tokens").asInt(16), Duration.ZERO, 0);
    }
    return new TokenPlan(
        Long.parseLong(match.group(1)),
        Integer.parseInt(match.group(2)),
        Duration.ofNanos(Long.parseLong(match.group(3)) * 1_000),
        Integer.parseInt(match.group(4)));
  }

  /** The text of one token. */
  String token(int index) {
    return "r" + id + "t" + index + " ";
  }
}
