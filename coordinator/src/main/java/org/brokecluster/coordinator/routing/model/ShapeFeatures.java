package org.brokecluster.coordinator.routing.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a text looks like: lengths, numbers, options of a multiple choice question, code, formulas,
 * and how many of its words ask for reasoning, calculation, invention or knowledge. One pass, and
 * one more for options.
 */
final class ShapeFeatures {
  private static final List<String> WORDS =
      List.of(
          "def return function class import void int array list string python java code algorithm"
              + " program method variable compile",
          "equation integral derivative matrix polynomial theorem probability function triangle"
              + " circle angle sum product prime integer real mod solve compute calculate find"
              + " value evaluate determine",
          "write compose story poem imagine pretend essay blog draft describe create email role act"
              + " character",
          "why explain because therefore prove proof how reason compare analyze",
          "more less than times twice half each every per percent remaining left rest total third"
              + " quarter double triple average if then after before",
          "not except false never incorrect least none neither nor cannot",
          "who when where which what name year capital country");
  private static final Map<Integer, Integer> GROUPS = groups();

  private static final int WORD_GROUPS = WORDS.size();
  private static final int CHAR_KINDS = 16;

  /** Number of figures. */
  static final int COUNT = 20 + CHAR_KINDS + WORD_GROUPS + OptionFigures.COUNT;

  private final char[] text;
  private final int[] kinds = new int[CHAR_KINDS];
  private final int[] groups = new int[WORD_GROUPS];
  private int words;
  private int letters;
  private int longWords;
  private int veryLongWords;
  private int capitalised;
  private int numbers;
  private int numbersInStem;
  private int wordsInStem;
  private int sentences;
  private final int[] optionAt = new int[OptionFigures.OPTIONS_MAX];
  private int options;
  private int stemEnd = -1;
  private int fractions;
  private double largest;

  private ShapeFeatures(char[] text) {
    this.text = text;
  }

  static float[] of(char[] text, int fullLength) {
    var shape = new ShapeFeatures(text);
    shape.scan();
    return shape.figures(fullLength);
  }

  private static Map<Integer, Integer> groups() {
    var groups = new HashMap<Integer, Integer>();
    for (int group = 0; group < WORDS.size(); group++) {
      for (var word : WORDS.get(group).split(" ", -1)) {
        groups.merge(hash(word), 1 << group, (a, b) -> a | b);
      }
    }
    return groups;
  }

  private static int hash(String word) {
    int hash = 0;
    for (int i = 0; i < word.length(); i++) {
      hash = hash * 31 + word.charAt(i);
    }
    return hash;
  }

  private void scan() {
    int i = 0;
    while (i < text.length) {
      char c = PromptFeatures.lower(text[i]);
      if (PromptFeatures.isLetter(c)) {
        i = word(i);
      } else if (PromptFeatures.isDigit(c)) {
        i = number(i);
      } else {
        symbol(i, c);
        i++;
      }
    }
  }

  private int word(int start) {
    int i = start;
    int hash = 0;
    while (i < text.length && PromptFeatures.isLetter(PromptFeatures.lower(text[i]))) {
      char c = PromptFeatures.lower(text[i]);
      hash = hash * 31 + c;
      kinds[0] += text[i] != c ? 1 : 0;
      kinds[1] += c > 127 ? 1 : 0;
      i++;
    }
    int length = i - start;
    words++;
    wordsInStem += stemEnd < 0 ? 1 : 0;
    letters += length;
    longWords += length >= 8 ? 1 : 0;
    veryLongWords += length >= 12 ? 1 : 0;
    capitalised += words > 1 && Character.isUpperCase(text[start]) ? 1 : 0;
    if (length == 1 && isOption(start)) {
      if (options < optionAt.length) {
        optionAt[options] = start + 2;
      }
      options++;
      stemEnd = stemEnd < 0 ? start : stemEnd;
    }
    var mask = GROUPS.get(hash);
    if (mask != null) {
      for (int group = 0; group < WORD_GROUPS; group++) {
        groups[group] += mask >> group & 1;
      }
    }
    return i;
  }

  /** A capital up to J at the start of a line, before a full stop or a bracket. */
  private boolean isOption(int at) {
    char c = text[at];
    int before = at > 0 && text[at - 1] == '(' ? at - 2 : at - 1;
    return c >= 'A'
        && c <= 'J'
        && before >= 0
        && text[before] == '\n'
        && at + 1 < text.length
        && (text[at + 1] == '.' || text[at + 1] == ')');
  }

  private int number(int start) {
    int i = start;
    double value = 0;
    while (i < text.length && PromptFeatures.isDigit(text[i])) {
      value = value * 10 + (text[i] - '0');
      i++;
    }
    kinds[2] += i - start;
    numbers++;
    if (stemEnd < 0) {
      numbersInStem++;
      largest = Math.max(largest, Math.min(value, 1e12));
    }
    boolean slash = start > 1 && text[start - 1] == '/';
    fractions += slash && PromptFeatures.isDigit(text[start - 2]) ? 1 : 0;
    return i;
  }

  private void symbol(int at, char c) {
    int kind =
        switch (c) {
          case '{', '}', '(', ')', ';', '<', '>', '[', ']' -> 3;
          case '$' -> 4;
          case '\\' -> 5;
          case '\n' -> 6;
          case '?' -> 7;
          case '_' -> 8;
          case '%' -> 9;
          case '+', '-', '*', '/', '^', '=' -> 10;
          case '"' -> 11;
          case ',' -> 12;
          case '`' -> 13;
          case ':' -> 14;
          default -> c > 127 ? 1 : 15;
        };
    kinds[kind]++;
    boolean ends = c == '.' || c == '!' || c == '?';
    boolean beforeGap = at + 1 >= text.length || Character.isWhitespace(text[at + 1]);
    sentences += ends && beforeGap && stemEnd < 0 ? 1 : 0;
  }

  private float[] figures(int fullLength) {
    double chars = Math.max(1, text.length);
    double stem = stemEnd < 0 ? text.length : stemEnd;
    double optionChars = text.length - stem;
    double count = Math.max(1, words);
    double perStem = Math.max(1, wordsInStem);
    double[] plain = {
      log(fullLength),
      log(stem),
      log(words),
      log(numbersInStem),
      numbersInStem / perStem,
      log(sentences),
      perStem / Math.max(1, sentences),
      letters / count,
      options,
      optionChars / chars,
      options == 0 ? 0 : log(optionChars / options),
      longWords / count,
      veryLongWords / count,
      capitalised / count,
      log(numbers),
      log(fractions),
      log(largest),
      ends('?', stem),
      ends(':', stem),
      ends('.', stem),
    };
    var figures = new float[COUNT];
    int at = 0;
    for (double each : plain) {
      figures[at++] = (float) each;
    }
    for (int kind : kinds) {
      figures[at++] = (float) log(kind);
    }
    for (int group : groups) {
      figures[at++] = (float) log(group);
    }
    var choice = OptionFigures.of(text, optionAt, Math.min(options, optionAt.length));
    System.arraycopy(choice, 0, figures, at, choice.length);
    return figures;
  }

  /** Whether the question itself ends with this sign. */
  private double ends(char sign, double stem) {
    int last = (int) stem - 1;
    while (last >= 0 && (text[last] <= ' ' || text[last] == '(')) {
      last--;
    }
    return last >= 0 && text[last] == sign ? 1 : 0;
  }

  private static double log(double count) {
    return Math.log1p(count);
  }
}
