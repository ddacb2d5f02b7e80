package org.brokecluster.simulation;

import java.util.List;
import org.brokecluster.protocol.id.RequestId;

/**
 * What a model says to a request: a function of both, so that every letter a client gets can be
 * checked. Words have one length, so that any place of the text is found without making the rest.
 */
final class Tale {
  /** Letters of a word, its blank included. */
  static final int WORD = 6;

  private static final String LETTERS = "bcdfghjklmnpqrstvwxz0123456789ae";

  private Tale() {}

  /** One word with the blank behind it. */
  static String word(RequestId request, String voice, int number) {
    long mixed = request.value().hashCode() * 31L + voice.hashCode();
    mixed = mix(mixed * 1_000_003L + number);
    var letters = new char[WORD];
    for (int i = 0; i < WORD - 1; i++) {
      letters[i] = LETTERS.charAt((int) (mixed >>> (5 * i)) & 31);
    }
    letters[WORD - 1] = ' ';
    return new String(letters);
  }

  /** Whether a part of an answer is what the voice says at that place. */
  static boolean says(RequestId request, String voice, int at, String text) {
    int done = 0;
    while (done < text.length()) {
      int place = at + done;
      var word = word(request, voice, place / WORD);
      int length = Math.min(WORD - place % WORD, text.length() - done);
      if (!word.regionMatches(place % WORD, text, done, length)) {
        return false;
      }
      done += length;
    }
    return true;
  }

  /** The words from one number up to another, which is left out. */
  static List<String> words(RequestId request, String voice, int from, int to) {
    return java.util.stream.IntStream.range(from, to)
        .mapToObj(number -> word(request, voice, number))
        .toList();
  }

  /** SplitMix64's finisher: equal inputs give equal, unrelated-looking outputs. */
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
