package org.brokecluster.node.runtime.answer;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Takes stop tokens off the end of a text, which a runtime should have kept to itself: chat
 * templates whose end-of-turn token the runtime does not know leave them in the answer.
 *
 * <p>Text that could be the beginning of such a token is held back until it is known whether more
 * follows; everything else passes at once. A marker in the middle of a text is part of the text,
 * and one that occurs in it earlier is what the text is about and stays at its end, too. A closing
 * {@code </s>} stays where an opening one came before it. Not thread safe.
 */
final class EndMarkers {
  private static final List<String> MARKERS =
      List.of(
          "<|im_end|>",
          "<|endoftext|>",
          "<|eot_id|>",
          "<|eom_id|>",
          "<|end_of_text|>",
          "<|end_of_turn|>",
          "<|end|>",
          "<|return|>",
          "<|user|>",
          "<|observation|>",
          "<end_of_turn>",
          "<eos>",
          "</s>",
          "<｜end▁of▁sentence｜>");
  private static final String OPENING = "<s>";
  private static final String CLOSING = "</s>";
  private static final List<String> KNOWN =
      Stream.concat(MARKERS.stream(), Stream.of(OPENING)).collect(Collectors.toList());

  /** A loop of markers is passed on rather than gathered without end. */
  private static final int HELD_MAX = 512;

  private final StringBuilder held = new StringBuilder();
  private boolean opened;
  private boolean mentioned;

  /** The part of the text so far that is certainly not its end; empty if there is none. */
  String next(String text) {
    if (held.isEmpty() && text.indexOf('<') < 0) {
      return text;
    }
    held.append(text);
    var all = held.toString();
    int from = all.length() > HELD_MAX ? all.length() : endFrom(all);
    held.setLength(0);
    held.append(all, from, all.length());
    var passed = all.substring(0, from);
    opened |= passed.contains(OPENING);
    mentioned |= MARKERS.stream().anyMatch(passed::contains);
    return passed;
  }

  /**
   * The rest of the text.
   *
   * @param strip whether the runtime ended the answer by itself, so that markers at the end go
   */
  String end(boolean strip) {
    var rest = held.toString();
    held.setLength(0);
    boolean residue = strip && !mentioned && beginsWithMarker(rest);
    return residue ? "" : rest;
  }

  private boolean beginsWithMarker(String rest) {
    return MARKERS.stream()
        .anyMatch(marker -> rest.startsWith(marker) && !(opened && marker.equals(CLOSING)));
  }

  /** Where the text begins to be nothing but markers and, at last, the beginning of one. */
  private static int endFrom(String text) {
    for (int at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
      if (isEnd(text, at)) {
        return at;
      }
    }
    return text.length();
  }

  private static boolean isEnd(String text, int from) {
    int at = from;
    while (at < text.length()) {
      int next = behindMarker(text, at);
      if (next < 0) {
        var rest = text.substring(at);
        return KNOWN.stream().anyMatch(marker -> marker.startsWith(rest));
      }
      at = next;
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
    }
    return true;
  }

  private static int behindMarker(String text, int at) {
    for (var marker : MARKERS) {
      if (text.startsWith(marker, at)) {
        return at + marker.length();
      }
    }
    return -1;
  }
}
