package org.brokecluster.node.attempt;

import java.util.ArrayList;
import java.util.List;

/** Lengths and cuts of text as it will be in UTF-8. */
final class Utf8 {
  private static final int ONE_BYTE = 0x80;
  private static final int TWO_BYTES = 0x800;

  private Utf8() {}

  /** Bytes the text takes. */
  static int length(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ONE_BYTE) {
        bytes++;
      } else if (c < TWO_BYTES || Character.isSurrogate(c)) {
        bytes += 2; // Two halves of a pair make four bytes.
      } else {
        bytes += 3;
      }
    }
    return bytes;
  }

  /** Cuts a text into parts of at most {@code bytesMax}, never inside a surrogate pair. */
  static List<String> split(String text, int bytesMax) {
    int step = Math.max(2, bytesMax / 3);
    var parts = new ArrayList<String>(text.length() / step + 1);
    int from = 0;
    while (from < text.length()) {
      int to = Math.min(text.length(), from + step);
      if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
        to--;
      }
      parts.add(text.substring(from, to));
      from = to;
    }
    return parts;
  }
}
