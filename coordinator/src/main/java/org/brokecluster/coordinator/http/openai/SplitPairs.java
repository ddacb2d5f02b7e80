package org.brokecluster.coordinator.http.openai;

/**
 * Mends characters that a runtime cut in two: the first half of a surrogate pair at the end of a
 * chunk is held back until the second arrives with the next one. Not thread safe.
 */
final class SplitPairs {
  private char held;

  /** The text to send now. */
  String next(String text) {
    int last = text.length() - 1;
    if (held == 0 && (last < 0 || !Character.isHighSurrogate(text.charAt(last)))) {
      return text;
    }
    var whole = held == 0 ? text : held + text;
    held = 0;
    last = whole.length() - 1;
    if (last >= 0 && Character.isHighSurrogate(whole.charAt(last))) {
      held = whole.charAt(last);
      return whole.substring(0, last);
    }
    return whole;
  }
}
