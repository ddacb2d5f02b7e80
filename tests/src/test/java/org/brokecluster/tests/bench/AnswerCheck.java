package org.brokecluster.tests.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/**
 * Whether an answer is whole and its own: every token of its {@link TokenPlan} in order, one finish
 * reason, and in a stream the end mark. Not thread safe.
 */
final class AnswerCheck implements ReplyReader.Body {
  private static final String CONTENT = "\"content\":\"";

  private final boolean streamed;
  private final String expected;
  private final long startNanos;
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
  private int matched;
  private int finished;
  private boolean ended;
  private boolean wrong;
  private long firstNanos;
  private long lastNanos;
  private long gapNanos;

  AnswerCheck(TokenPlan plan, boolean streamed, long startNanos) {
    this.streamed = streamed;
    this.startNanos = startNanos;
    var text = new StringBuilder();
    for (int i = 0; i < plan.tokens(); i++) {
      text.append(plan.token(i));
    }
    expected = text.toString();
  }

  @Override
  public void bytes(byte[] buffer, int from, int to) {
    if (!streamed) {
      pending.write(buffer, from, to - from);
      return;
    }
    int start = from;
    for (int i = from; i < to; i++) {
      if (buffer[i] == '\n') {
        pending.write(buffer, start, i - start);
        line(pending.toString(UTF_8));
        pending.reset();
        start = i + 1;
      }
    }
    pending.write(buffer, start, to - start);
  }

  private void line(String line) {
    if (!line.startsWith("data:")) {
      return;
    }
    if (line.contains("[DONE]")) {
      ended = true;
      return;
    }
    take(content(line));
    if (line.contains("\"finish_reason\":\"")) {
      finished++;
    }
  }

  private void take(String content) {
    if (content.isEmpty()) {
      return;
    }
    long now = System.nanoTime();
    if (matched == 0) {
      firstNanos = now - startNanos;
    } else {
      gapNanos = Math.max(gapNanos, now - lastNanos);
    }
    lastNanos = now;
    wrong |= !expected.startsWith(content, matched);
    matched += content.length();
  }

  private static String content(String json) {
    int at = json.indexOf(CONTENT);
    return at < 0
        ? ""
        : json.substring(at + CONTENT.length(), json.indexOf('"', at + CONTENT.length()));
  }

  /** What is wrong with the answer now that it has ended; empty if nothing is. */
  String verdict() {
    if (!streamed) {
      var text = pending.toString(UTF_8);
      return content(text).equals(expected) && text.contains("\"finish_reason\":\"") ? "" : "wrong";
    }
    if (wrong) {
      return "order";
    }
    return matched == expected.length() && finished == 1 && ended ? "" : "truncated";
  }

  /** From the request to the first token. */
  long firstNanos() {
    return firstNanos;
  }

  /** The longest time between two tokens. */
  long gapNanos() {
    return gapNanos;
  }
}
