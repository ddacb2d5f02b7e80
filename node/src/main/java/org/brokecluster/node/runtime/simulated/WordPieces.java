package org.brokecluster.node.runtime.simulated;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts text into pieces that look like a tokenizer's: a word of up to seven letters or digits with
 * the space before it, longer words in several pieces, each other sign alone. Joined again, the
 * pieces are the text; no piece cuts a character in two.
 */
final class WordPieces {
  private static final int LONGEST = 7;

  /** Rough number of characters in a token, used wherever a prompt is counted. */
  static final int CHARS_PER_TOKEN = 4;

  private WordPieces() {}

  static List<String> cut(String text) {
    var pieces = new ArrayList<String>();
    int at = 0;
    while (at < text.length()) {
      int end = endOfPiece(text, at);
      pieces.add(text.substring(at, end));
      at = end;
    }
    return pieces;
  }

  private static int endOfPiece(String text, int start) {
    int at = start;
    if (text.charAt(at) == ' ' && at + 1 < text.length()) {
      at++;
    }
    int letters = 0;
    while (at < text.length()
        && letters < LONGEST
        && Character.isLetterOrDigit(text.codePointAt(at))) {
      at += Character.charCount(text.codePointAt(at));
      letters++;
    }
    return letters > 0 ? at : at + Character.charCount(text.codePointAt(at));
  }
}
