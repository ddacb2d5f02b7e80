package org.brokecluster.coordinator.routing.profile;

import java.util.ArrayList;
import java.util.List;

/**
 * A pattern of words. Written as stems in their order: {@code security* audit*}. A star lets the
 * word go on; a bar gives alternatives; an underscore instead of a space allows no word in between,
 * where a space allows up to {@value #GAP_MAX} words of the same sentence.
 */
final class Phrase {
  private static final int GAP_MAX = 5;

  private final String label;
  private final String[] stems;
  private final boolean[] prefix;
  private final boolean[] adjacent;
  private final int weight;

  private Phrase(List<String> parts, List<Boolean> joined) {
    this.label = String.join(" ", parts).replace("*", "");
    this.stems = new String[parts.size()];
    this.prefix = new boolean[parts.size()];
    this.adjacent = new boolean[parts.size()];
    int chars = 0;
    for (int i = 0; i < stems.length; i++) {
      var part = parts.get(i);
      prefix[i] = part.endsWith("*");
      stems[i] = prefix[i] ? part.substring(0, part.length() - 1) : part;
      adjacent[i] = joined.get(i);
      chars += stems[i].length();
    }
    this.weight = stems.length * 1000 + chars;
  }

  /** All phrases a pattern with alternatives stands for. */
  static List<Phrase> parse(String pattern) {
    var phrases = new ArrayList<Phrase>();
    expand(pattern.split("(?<=[ _])|(?=[ _])", -1), 0, List.of(), List.of(), phrases);
    return phrases;
  }

  private static void expand(
      String[] tokens, int at, List<String> parts, List<Boolean> joined, List<Phrase> into) {
    if (at >= tokens.length) {
      into.add(new Phrase(parts, joined));
      return;
    }
    boolean isJoined = at > 0 && tokens[at - 1].equals("_");
    for (var alternative : tokens[at].split("\\|", -1)) {
      expand(tokens, at + 2, append(parts, alternative), append(joined, isJoined), into);
    }
  }

  private static <T> List<T> append(List<T> list, T item) {
    var longer = new ArrayList<>(list);
    longer.add(item);
    return longer;
  }

  /** Its words, for people. */
  String label() {
    return label;
  }

  /** How specific it is: more stems beat fewer, then more letters. */
  int weight() {
    return weight;
  }

  /** Where it is filed: see {@link Words#key(int)}. */
  int key() {
    return Words.key(stems[0].charAt(0), stems[0].length() > 1 ? stems[0].charAt(1) : 0);
  }

  /** Its first stem, with its star. */
  String firstWord() {
    return prefix[0] ? stems[0] + "*" : stems[0];
  }

  /** Whether this word is its first one. */
  boolean startsWith(Words words, int first) {
    return words.matches(first, stems[0], prefix[0]);
  }

  /** Whether its further words follow this one, which is its first. */
  boolean followsFrom(Words words, int first) {
    int at = first;
    for (int i = 1; i < stems.length; i++) {
      at = next(words, at, i);
      if (at < 0) {
        return false;
      }
    }
    return true;
  }

  private int next(Words words, int after, int stem) {
    int last = Math.min(words.count() - 1, after + 1 + (adjacent[stem] ? 0 : GAP_MAX));
    for (int word = after + 1; word <= last && words.sameSentence(after, word); word++) {
      if (words.matches(word, stems[stem], prefix[stem])) {
        return word;
      }
    }
    return -1;
  }
}
