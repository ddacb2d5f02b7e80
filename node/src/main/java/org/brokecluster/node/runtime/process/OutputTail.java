package org.brokecluster.node.runtime.process;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The last lines a process printed, for messages to people. Bounded whatever is printed. Thread
 * safe.
 *
 * <p>Model servers may print text of requests with an error. So once a process serves requests,
 * only lines that look like the name of an error are kept, without what they quote.
 */
final class OutputTail {
  private static final int LINE_MAX = 300;
  private static final int REASON_MAX = 160;

  /** How an error in Python ends, a C++ program aborts, or Metal runs out of memory. */
  private static final Pattern ERROR =
      Pattern.compile(
          "^\\s*(?:[\\w.]*(?:Error|Exception)\\b.*|libc\\+\\+abi:.*|.*terminating due to.*"
              + "|.*\\[metal::.*|.*kIOGPU.*|(?:sh|bash|zsh|env): .*|.*/sh: .*|error: .*|fatal: .*"
              + "|.*error loading model.*|.*failed to load model.*|Killed.*|Abort.*)$");

  private static final Pattern TRACEBACK =
      Pattern.compile("^Traceback \\(most recent call last\\)");
  private static final Pattern RAISED =
      Pattern.compile("^(?:[A-Za-z_]\\w*\\.)*[A-Z]\\w*(?:Error|Exception|NotFound)\\b.*");
  private static final Pattern PORT_TAKEN =
      Pattern.compile("(?i)address already in use|couldn't bind|errno (?:48|98)\\b");
  private static final Pattern QUOTED = Pattern.compile("'[^']*'?|\"[^\"]*\"?");

  private final int linesMax;
  private final Deque<String> lines = new ArrayDeque<>();
  private final StringBuilder line = new StringBuilder();
  private boolean serving;
  private boolean traceback;
  private boolean portTaken;
  private @Nullable String lastError;
  private @Nullable String raised;
  private long raisedAt;

  /** Keeps at most so many lines. */
  OutputTail(int linesMax) {
    this.linesMax = linesMax;
  }

  /** Takes what was printed. */
  synchronized void add(String text, long now) {
    for (int i = 0; i < text.length(); i++) {
      char sign = text.charAt(i);
      if (sign == '\n' || sign == '\r') {
        endLine(now);
      } else if (line.length() < LINE_MAX) {
        line.append(sign < ' ' ? ' ' : sign);
      }
    }
  }

  /** From now on requests of people run: what is printed may quote them. */
  synchronized void serving() {
    serving = true;
  }

  /** Whether it said that its port is in use. */
  synchronized boolean portTaken() {
    return portTaken;
  }

  /** An error that was raised to the end of a thread, or null. */
  synchronized @Nullable String raised() {
    return raised;
  }

  /** When that was. */
  synchronized long raisedAt() {
    return raisedAt;
  }

  /** The last error it printed, or null. */
  synchronized @Nullable String error() {
    finish();
    return lastError;
  }

  /** The last error it printed, else the last line; empty if it said nothing. */
  synchronized String lastWords() {
    finish();
    if (lastError != null || serving) {
      return lastError == null ? "" : lastError;
    }
    return lines.isEmpty() ? "" : lines.getLast();
  }

  private void finish() {
    if (line.length() > 0) {
      endLine(raisedAt);
    }
  }

  private void endLine(long now) {
    var text = line.toString().strip();
    line.setLength(0);
    if (text.isEmpty()) {
      return;
    }
    portTaken |= PORT_TAKEN.matcher(text).find();
    boolean error = ERROR.matcher(text).matches();
    if (TRACEBACK.matcher(text).find()) {
      traceback = true;
    } else if (traceback && RAISED.matcher(text).matches()) {
      traceback = false;
      raised = clean(text);
      raisedAt = now;
    }
    if (error) {
      lastError = clean(text);
    }
    if (error || !serving) {
      lines.addLast(clean(text));
      if (lines.size() > linesMax) {
        lines.removeFirst();
      }
    }
  }

  private String clean(String text) {
    var unquoted = serving ? QUOTED.matcher(text).replaceAll("'…'") : text;
    return unquoted.length() > REASON_MAX ? unquoted.substring(0, REASON_MAX) + "…" : unquoted;
  }
}
