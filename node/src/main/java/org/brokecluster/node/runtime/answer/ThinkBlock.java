package org.brokecluster.node.runtime.answer;

import java.util.function.BiConsumer;
import org.brokecluster.protocol.node.TokenChunk.Kind;

/**
 * Tells reasoning from content where a runtime leaves a {@code <think>} block in the text. Only a
 * block at the very beginning counts; later ones are text. Not thread safe.
 */
final class ThinkBlock {
  private static final String OPEN = "<think>";
  private static final String CLOSE = "</think>";

  /** Where in the answer it is. */
  private enum Place {
    BEFORE,
    INSIDE,
    BEHIND
  }

  private final BiConsumer<Kind, String> out;
  private final StringBuilder held = new StringBuilder();
  private Place place = Place.BEFORE;

  /** Hands pieces of the answer on with what they are. */
  ThinkBlock(BiConsumer<Kind, String> out) {
    this.out = out;
  }

  /** A further piece of text. */
  void next(String text) {
    switch (place) {
      case BEFORE -> before(text);
      case INSIDE -> inside(text);
      case BEHIND -> out.accept(Kind.CONTENT, text);
    }
  }

  /** The text is over: what was held back is what it looks like. */
  void end() {
    if (!held.isEmpty()) {
      var rest = held.toString();
      held.setLength(0);
      out.accept(place == Place.INSIDE ? Kind.REASONING : Kind.CONTENT, rest);
    }
  }

  private void before(String text) {
    held.append(text);
    var begun = held.toString().stripLeading();
    if (begun.startsWith(OPEN)) {
      held.setLength(0);
      place = Place.INSIDE;
      inside(begun.substring(OPEN.length()));
    } else if (!OPEN.startsWith(begun)) {
      place = Place.BEHIND;
      end();
    }
  }

  private void inside(String text) {
    held.append(text);
    var all = held.toString();
    held.setLength(0);
    int close = all.indexOf(CLOSE);
    if (close >= 0) {
      place = Place.BEHIND;
      reasoning(all.substring(0, close));
      var rest = all.substring(close + CLOSE.length());
      if (!rest.isEmpty()) {
        out.accept(Kind.CONTENT, rest);
      }
      return;
    }
    int safe = all.length() - beginning(all);
    held.append(all, safe, all.length());
    reasoning(all.substring(0, safe));
  }

  private void reasoning(String text) {
    if (!text.isEmpty()) {
      out.accept(Kind.REASONING, text);
    }
  }

  /** Length of the longest end of the text that begins the closing tag. */
  private static int beginning(String text) {
    for (int length = Math.min(CLOSE.length() - 1, text.length()); length > 0; length--) {
      if (text.endsWith(CLOSE.substring(0, length))) {
        return length;
      }
    }
    return 0;
  }
}
