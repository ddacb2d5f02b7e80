package org.brokecluster.tests.chaos;

import java.util.HashSet;
import java.util.Set;
import org.brokecluster.tests.harness.BrokeClient;

/** Listens to a stream line by line and tells in the end what came of it. Not thread safe. */
final class StreamEar {
  private static final String DATA = "data: ";

  private final StringBuilder text = new StringBuilder();
  private final Set<String> ids = new HashSet<>();
  private String finish = "";
  private int finishes;
  private int pieces;
  private int tokens = -1;
  private String error = "";
  private boolean done;
  private boolean rescued;
  private long lastTokenNanos;
  private long silenceNanos;

  /** Takes a line as it comes. */
  void hear(String line) {
    if (line.startsWith(":")) {
      rescued |= Client.tellsOfRescue(line);
    } else if (line.equals("data: [DONE]")) {
      done = true;
    } else if (line.startsWith(DATA)) {
      event(line.substring(DATA.length()));
    }
  }

  private void event(String data) {
    var json = BrokeClient.parse(data);
    if (json.has("error")) {
      error = json.at("/error/code").asText("?") + ": " + json.at("/error/message").asText("");
      return;
    }
    ids.add(json.path("id").asText());
    var piece = json.at("/choices/0/delta/content").asText("");
    if (!piece.isEmpty()) {
      token(piece);
    }
    var reason = json.at("/choices/0/finish_reason").asText("");
    if (!reason.isEmpty() && !reason.equals("null")) {
      finish = reason;
      finishes++;
    }
    tokens = json.at("/usage/completion_tokens").asInt(tokens);
  }

  private void token(String piece) {
    long now = System.nanoTime();
    if (lastTokenNanos != 0) {
      silenceNanos = Math.max(silenceNanos, now - lastTokenNanos);
    }
    lastTokenNanos = now;
    text.append(piece);
    pieces++;
  }

  /** Pieces of text so far, one for each token. */
  int tokens() {
    return pieces;
  }

  /** The text so far. */
  String text() {
    return text.toString();
  }

  /**
   * What came of it.
   *
   * @param broken how the connection broke, empty if it ended in good order
   */
  Tale tale(Errand errand, Oracle.Truth truth, String broken) {
    long silence = silenceNanos / 1_000_000;
    var heard = text.toString();
    if (!truth.text().startsWith(heard)) {
      var where = "the text departs at %d".formatted(Client.departs(truth.text(), heard));
      return new Tale(errand.kind(), Tale.End.CORRUPTED, rescued, 0, silence, where);
    }
    if (!error.isEmpty()) {
      boolean looksWhole = done || finishes > 0;
      var end = looksWhole ? Tale.End.CORRUPTED : Tale.End.ERROR;
      return new Tale(errand.kind(), end, rescued, 0, silence, error);
    }
    if (!done || finishes == 0) {
      var what = "no end, done=%s finishes=%d %s".formatted(done, finishes, broken);
      return new Tale(errand.kind(), Tale.End.LOST, rescued, 0, silence, what);
    }
    var wrong = Client.difference(truth, heard, finish, tokens);
    if (wrong.isEmpty() && (ids.size() != 1 || finishes != 1)) {
      wrong = "%d ids, %d finish reasons".formatted(ids.size(), finishes);
    }
    var end = wrong.isEmpty() ? Tale.End.ANSWERED : Tale.End.CORRUPTED;
    return new Tale(errand.kind(), end, rescued, 0, silence, wrong);
  }
}
